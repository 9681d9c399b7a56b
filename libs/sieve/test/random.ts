// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import fc from "fast-check";

/** Tokens of the language and of its abuse. */
const tokens = fc.constantFrom(
  ..."require if elsif else stop keep discard redirect fileinto set setflag addflag removeflag error".split(" "),
  ..."header address envelope exists size allof anyof not true false body string hasflag date currentdate mailboxexists environment ihave".split(
    " ",
  ),
  ..."vacation reject ereject notify denotify include return global duplicate addheader deleteheader mark snooze".split(
    " ",
  ),
  ..."specialuse_exists mailboxidexists metadata metadataexists servermetadata processcalendar valid_notify_method".split(
    " ",
  ),
  ..."foreverypart break extracttext replace enclose convert filter execute pipe report debug_log spamtest virustest valid_ext_list".split(
    " ",
  ),
  ..."regex list anychild type subtype contenttype param name first subject percent notify ret bytimerelative bymode bytrace try input output pipe headers_only"
    .split(" ")
    .map((tag) => `:${tag}`),
  ...'"(a|b)*[[:digit:]]" "a{2,3}$" "tag:a" ":addrbook:default" "text/plain" "text/html" "charset=utf-8" "i;unicode-casemap"'.split(
    " ",
  ),
  ..."days seconds addresses mime handle fcc specialuse mailboxid once optional personal global uniqueid header outcome weekdays method options"
    .split(" ")
    .map((tag) => `:${tag}`),
  ...'"mailto:a@b.c" "08:00" "/shared/x" "global.a" "\\\\Junk" "message-id"'.split(" "),
  ..."{ } ( ) [ ] ; ,".split(" "),
  ..."{ } ; ; ,".split(" "),
  ..."is contains matches all domain localpart over under copy create flags index last count value zone raw content text comparator user detail lower length frob"
    .split(" ")
    .map((tag) => `:${tag}`),
  ...'"" "a" "subject" "from" "fileinto" "${a}" "${1}" "*" "*a?" "i;octet" "i;ascii-numeric" "gt" "x@example.org" "year" "+0100" "\\\\Seen"'.split(
    " ",
  ),
  "1",
  "10K",
  "0",
  "\n",
  "# rule:[R]\n",
  "/* c */",
  "text:\n..a\n.\n",
  '"',
  "/*",
  "text:",
  "é",
  "\u0000",
  '"${hex:40}${unicode:110000}"',
);

const everything =
  'require ["fileinto","envelope","encoded-character","copy","body","variables","relational","comparator-i;ascii-numeric","subaddress","imap4flags","mailbox","date","index","environment","ihave","vacation","vacation-seconds","reject","ereject","enotify","include","duplicate","editheader","special-use","mailboxid","fcc","mboxmetadata","servermetadata","snooze","processcalendar","imapsieve","regex","mime","foreverypart","extracttext","replace","enclose","convert","spamtestplus","virustest","extlists","envelope-dsn","envelope-deliverby","redirect-dsn","redirect-deliverby","comparator-i;unicode-casemap","vnd.dovecot.environment","vnd.dovecot.debug","vnd.dovecot.report","vnd.dovecot.pipe","vnd.dovecot.filter","vnd.dovecot.execute"];\n';

/** Scripts of random tokens, half of them with everything required: mostly wrong. */
export const tokenSoup: fc.Arbitrary<string> = fc
  .tuple(fc.boolean(), fc.array(tokens, { maxLength: 60 }))
  .map(([all, parts]) => (all ? everything : "") + parts.join(" "));

const name = fc.constantFrom("subject", "from", "x-tag", "list-id");
const key = fc.constantFrom(
  "a",
  "b",
  "ab",
  "abc",
  "A b",
  "",
  "*a*",
  "a*",
  "?b",
  "*",
  "a@example.org",
  "example.org",
  "news",
  "é",
  "new\\\\*",
);
const quoted = (text: string): string => JSON.stringify(text);
const list = (item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(item, { minLength: 1, maxLength: 4 }).map((items) => `[${items.map(quoted).join(", ")}]`);
const matchType = fc.constantFrom("", ":is", ":contains", ":matches");
const comparator = fc.constantFrom("", "", "", ':comparator "i;octet"', ':comparator "i;unicode-casemap"');
const pattern = fc.constantFrom("a+b", "^(a|ab)c?", "news", "[a-c]{2}", "x(abc)x", "(a*)(b*)$", "N[^a]w|ab", "é");

const simple: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(comparator, matchType, list(name), list(key)).map((parts) => `header ${parts.join(" ")}`),
  fc
    .tuple(
      comparator,
      matchType,
      fc.constantFrom("", ":domain", ":localpart"),
      list(fc.constantFrom("from", "to", "cc")),
      list(key),
    )
    .map((parts) => `address ${parts.join(" ")}`),
  fc.tuple(matchType, list(key)).map((parts) => `body :raw ${parts.join(" ")}`),
  fc.tuple(matchType, list(key)).map((parts) => `string ${parts[0]} "\${v}" ${parts[1]}`),
  list(name).map((names) => `exists ${names}`),
  fc
    .tuple(comparator, list(name), list(pattern))
    .map((parts) => `header ${parts[0]} :regex ${parts.slice(1).join(" ")}`),
  fc.tuple(matchType, list(name), list(key)).map((parts) => `header :mime :anychild ${parts.join(" ")}`),
  fc.constantFrom('convert "text/plain" "text/html" ""', 'exists :mime :anychild "subject"'),
  fc.constantFrom("true", "false", "size :over 40"),
);

const { test } = fc.letrec<{ test: string }>((tie) => ({
  test: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    simple,
    tie("test").map((inner) => `not ${inner}`),
    fc.array(tie("test"), { minLength: 1, maxLength: 3 }).map((tests) => `anyof (${tests.join(", ")})`),
    fc.array(tie("test"), { minLength: 1, maxLength: 3 }).map((tests) => `allof (${tests.join(", ")})`),
  ),
}));

const action = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map((folder) => `fileinto "F${folder}";`),
  fc.constantFrom(
    "keep;",
    "discard;",
    "stop;",
    'set "v" "${1}";',
    'set "v" "abc";',
    'fileinto "M${2}${v}";',
    'addflag "x";',
    'addheader "X-Tag" "ab news";',
    'addheader :last "List-Id" "xabcx";',
    'deleteheader "subject";',
    'replace :subject "abc" "a news";',
    'enclose :headers ["from", "x-tag"] "ab";',
    'foreverypart { if header :mime :is "content-type" "a" { break; } fileinto "P"; }',
    'addheader "X-Tag" "abc";',
    'deleteheader :contains "subject" "a";',
    'vacation "away";',
    'notify "mailto:a@b.c";',
  ),
);

const rule = fc
  .tuple(test, fc.array(action, { maxLength: 2 }))
  .map(([condition, actions]) => `if ${condition} { ${actions.join(" ")} }\n`);

/** Scripts that compile: many rules over few headers, so that keys are looked up together. */
export const soundScript: fc.Arbitrary<string> = fc
  .array(rule, { minLength: 1, maxLength: 25 })
  .map((rules) => everything + rules.join(""));

const value = fc.constantFrom(
  "a",
  "ab",
  "xabcx",
  "A B",
  "",
  "news é",
  "a@example.org, Abc <b@sub.example.org>",
  "=?utf-8?q?n=C3=A9ws?=",
  "new*",
);
const headerName = fc.constantFrom("Subject", "From", "To", "Cc", "X-Tag", "List-Id");

/** Small mails over the same words. */
export const smallMail: fc.Arbitrary<string> = fc
  .tuple(fc.array(fc.tuple(headerName, value), { maxLength: 8 }), value)
  .map(([fields, body]) => `${fields.map(([field, text]) => `${field}: ${text}\r\n`).join("")}\r\n${body}`);
