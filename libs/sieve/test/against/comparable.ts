// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import fc from "fast-check";

/** What both engines are given. */
export interface ComparableCase {
  readonly script: string;
  readonly mail: string;
  readonly envelope: { readonly from: string; readonly to: string };
}

const required =
  'require ["fileinto", "envelope", "copy", "body", "variables", "relational", "comparator-i;ascii-numeric", "subaddress", "date", "index", "regex", "encoded-character"];\n';

const quoted = (text: string): string => JSON.stringify(text);
const list = (item: fc.Arbitrary<string>, maxLength = 3): fc.Arbitrary<string> =>
  fc.array(item, { minLength: 1, maxLength }).map((items) => `[${items.map(quoted).join(", ")}]`);

const name = fc.constantFrom("subject", "x-tag", "list-id", "from", "to", "x-none", "x-number");
const addressName = fc.constantFrom("from", "to", "cc", "reply-to", "sender");
const key = fc.constantFrom(
  ..."|a|ab|abc|budget|BUDGET 2024|the budget|example.org|alice@example.org|<news.example.org>|news|12|7|été|réunion|*|a*|*budget*|?|??|*a?|*@example.org|the * of *|\\\\*|[x]".split(
    "|",
  ),
);
const addressKey = fc.constantFrom(
  ..."alice@example.org|ALICE@EXAMPLE.ORG|alice|example.org|bob|sub.example.net|example.net|bob+lists|lists|*@*|a*|*.org|user|".split(
    "|",
  ),
);
const pattern = fc.constantFrom(
  "bud.et",
  "^the",
  "2024$",
  "^$",
  "[0-9]+",
  "(a|b)+c",
  "a{2}",
  "[[:digit:]]{4}",
  "^.*of",
  "x|news",
  "[^a-z ]",
);
const match = fc.constantFrom("", ":is", ":contains", ":matches");
const comparator = fc.constantFrom("", "", ':comparator "i;octet"', ':comparator "i;ascii-casemap"');
const relation = fc.constantFrom("gt", "ge", "lt", "le", "eq", "ne");
const number = fc.constantFrom("0", "1", "2", "3", "7", "12", "100");
const words = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.filter((text) => text !== "").join(" "));
const is = fc.constant.bind(fc);

const simple: fc.Arbitrary<string> = fc.oneof(
  words(is("header"), comparator, match, list(name), list(key)),
  words(
    is("address"),
    comparator,
    match,
    fc.constantFrom("", ":localpart", ":domain", ":all"),
    list(addressName),
    list(addressKey),
  ),
  words(is("address"), match, fc.constantFrom(":user", ":detail"), list(addressName), list(addressKey)),
  words(
    is("envelope"),
    match,
    fc.constantFrom("", ":localpart", ":domain"),
    fc.constantFrom('"from"', '"to"'),
    list(addressKey),
  ),
  words(is("exists"), list(name)),
  words(is("size"), fc.constantFrom(":over", ":under"), fc.constantFrom("0", "1", "200", "300", "400", "1K", "1M")),
  words(is("body :raw"), fc.constantFrom(":contains", ":is", ":matches"), list(key)),
  words(is("body :content"), fc.constantFrom('"text"', '"text/plain"', '"text/html"'), is(":contains"), list(key)),
  words(is("header :regex"), list(name), list(pattern)),
  words(is("header :count"), relation.map(quoted), is(':comparator "i;ascii-numeric"'), list(name), list(number, 1)),
  words(
    is("header :value"),
    relation.map(quoted),
    is(':comparator "i;ascii-numeric"'),
    is('"x-number"'),
    list(number, 1),
  ),
  words(is("header :value"), relation.map(quoted), list(name, 1), list(key, 1)),
  words(
    is("header"),
    fc.constantFrom(":index 1", ":index 2", ":index 1 :last", ":index 2 :last"),
    match,
    is('"x-tag"'),
    list(key),
  ),
  words(
    is('date :zone "+0100"'),
    match,
    is('"date"'),
    fc.constantFrom(
      '"year" ["2024", "2023"]',
      '"hour" ["04", "23"]',
      '"weekday" ["5", "4"]',
      '"date" "2024-03-01"',
      '"time" "04:05:09"',
    ),
  ),
  words(
    is('date :originalzone :is "date"'),
    fc.constantFrom('"zone" "-0500"', '"hour" "22"', '"day" "29"', '"month" "02"'),
  ),
  words(is("string"), comparator, match, fc.constantFrom('"${v}"', '"${v}${w}"', '"x${w}"'), list(key)),
  fc.constantFrom("true", "false"),
);

const { test } = fc.letrec<{ readonly test: string }>((tie) => ({
  test: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { arbitrary: simple, weight: 6 },
    { arbitrary: tie("test").map((inner) => `not ${inner}`), weight: 1 },
    {
      arbitrary: fc.array(tie("test"), { minLength: 1, maxLength: 3 }).map((tests) => `anyof (${tests.join(", ")})`),
      weight: 1,
    },
    {
      arbitrary: fc.array(tie("test"), { minLength: 1, maxLength: 3 }).map((tests) => `allof (${tests.join(", ")})`),
      weight: 1,
    },
  ),
}));

const setting = fc.constantFrom(
  'set "v" "budget";',
  'set :upper "v" "abc";',
  'set :lowerfirst "w" "ABC";',
  'set :length "w" "${v}";',
  'set :quotewildcard "w" "a*";',
  'set "w" "${0}|${1}|${2}";',
  'set :upperfirst :lower "v" "${1}";',
  'set "v" "${hex:61 62}";',
);

/** One rule; its number is in the names of the folders it files into, so that a difference tells which test it was. */
const rule = fc
  .tuple(test, fc.option(test), fc.boolean(), fc.option(setting))
  .map(([first, second, hasElse, set]) => (index: number): string => {
    const then = `{ fileinto "T${index}";${set === null ? "" : ` ${set}`} }`;
    const elsif = second === null ? "" : ` elsif ${second} { fileinto "U${index}"; }`;
    return `if ${first} ${then}${elsif}${hasElse ? ` else { fileinto :copy "V${index}"; }` : ""}\n`;
  });

const ending = fc.constantFrom(
  "",
  "",
  "keep;",
  "discard;",
  "stop;",
  'redirect "other@example.org";',
  'redirect :copy "other@example.org";',
  'fileinto "INBOX";',
  'fileinto "M${1}";',
);

const script = fc
  .tuple(fc.array(setting, { maxLength: 2 }), fc.array(rule, { minLength: 1, maxLength: 9 }), ending, ending)
  .map(([settings, rules, middle, end]) => {
    const half = rules.length >> 1;
    const texts = rules.map((make, index) => make(index));
    const stop = middle === "stop;" ? "if false { stop; }" : middle;
    return `${required}${settings.join("\n")}\n${texts.slice(0, half).join("")}${stop}\n${texts.slice(half).join("")}${end}\n`;
  });

const field = fc.oneof(
  fc
    .constantFrom(
      "The budget of 2024",
      "BUDGET 2024",
      "ab abc",
      "Re: [x] a",
      "",
      "=?utf-8?q?r=C3=A9union?= budget",
      "=?iso-8859-1?B?6XTp?=",
      "the budget\r\n of 2023",
    )
    .map((text) => `Subject: ${text}`),
  fc.constantFrom("a", "abc", "A B", "news", "7", "*").map((text) => `X-Tag: ${text}`),
  fc.constantFrom("12", "7", "007", "abc", "").map((text) => `X-Number: ${text}`),
  fc.constantFrom("<news.example.org>", "News <news.example.org>").map((text) => `List-Id: ${text}`),
  fc
    .constantFrom(
      "bob@example.net",
      "Carol <carol@sub.example.net>, bob+lists@example.net",
      '"a, b" <user@example.org>',
    )
    .map((text) => `To: ${text}`),
  fc.constantFrom("dan@sub.example.net", "Eve <eve+tag@example.com>").map((text) => `Cc: ${text}`),
);

const body = fc.constantFrom(
  "\r\nThe budget of 2024\r\nab\r\n",
  "\r\n",
  "\r\nnews\r\n",
  "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>The budget</p>\r\n",
  "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nr=C3=A9union bud=\r\nget\r\n",
  'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\ncsOpdW5pb24gYWJj\r\n--b\r\nContent-Type: text/html\r\n\r\n<b>budget</b>\r\n--b--\r\n',
);

const mail = fc
  .tuple(
    fc.constantFrom("From: Alice Martin <alice@example.org>", "From: user@sub.example.net"),
    fc.array(field, { maxLength: 7 }),
    body,
  )
  .map(([from, fields, rest]) => {
    const single = fields.filter((text, index) => {
      const label = text.slice(0, text.indexOf(":"));
      return label === "X-Tag" || fields.findIndex((other) => other.startsWith(`${label}:`)) === index;
    });
    const head = [from, "Date: Thu, 29 Feb 2024 22:05:09 -0500", "Message-ID: <m@example.org>", ...single];
    return `${head.join("\r\n")}\r\n${rest}`;
  });

const envelope = fc.record({
  from: fc.constantFrom("alice@example.org", "user@sub.example.net"),
  to: fc.constantFrom("bob@example.net", "bob+lists@example.net"),
});

/** Scripts and mails that both engines read alike by the RFCs: nothing malformed, nothing left to the implementation. */
export const comparableCase: fc.Arbitrary<ComparableCase> = fc.record({ script, mail, envelope });
