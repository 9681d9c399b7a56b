import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { mail, ODD_MAILS } from "../test/odd-mails.ts";
import { type Entity, messageText, readMessage, readReport, walk } from "./index.ts";
import { MAX_DEPTH, MAX_ENTITIES } from "./limits.ts";

/** The tree as `type` lines indented by depth. */
const outline = (raw: Buffer): string[] =>
  [...walk(readMessage(raw).root)].map((entity) => `${" ".repeat(entity.depth)}${entity.type}`);

const textsOf = (raw: Buffer): string[] =>
  [...walk(readMessage(raw).root)].filter(({ children }) => children.length === 0).map((entity) => entity.text());

const multipart = (subtype: string, ...lines: readonly string[]): Buffer =>
  mail(`Content-Type: multipart/${subtype}; boundary=b`, "", ...lines);

describe("readMessage", () => {
  it("knows what the caller knows of a mail that was cut", () => {
    const raw = Buffer.from("Subject: x\r\n\r\nbod");
    assert.deepEqual([readMessage(raw).size, readMessage(raw).complete], [raw.length, true]);
    const cut = readMessage(raw, { size: 9_000 });
    assert.deepEqual([cut.size, cut.complete, cut.raw], [9_000, false, raw]);
    assert.equal(readMessage(raw, { complete: false }).complete, false);
  });

  it("reads from any Uint8Array", () => {
    const shifted = new Uint8Array(Buffer.from("xxSubject: =?utf-8?Q?=C3=A9?=\r\n\r\nbody")).subarray(2);
    const message = readMessage(shifted);
    assert.equal(message.headers("SUBJECT")[0]?.text(), "é");
    assert.equal(message.root.text(), "body");
  });

  it("gives all header fields in order", () => {
    const message = readMessage(mail("B: 1", "A: 2", "b: 3", "", "x"));
    assert.deepEqual(
      message.headerFields().map(({ lowerName }) => lowerName),
      ["b", "a", "b"],
    );
  });

  it("does not read the body for a header", () => {
    // A body of 64 MiB that nobody reads: this test would take long if somebody did.
    const raw = Buffer.concat([
      Buffer.from("Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"),
      Buffer.alloc(2 ** 26, "\n--"),
    ]);
    const start = process.cpuUsage();
    for (let round = 0; round < 100; round++) assert.equal(readMessage(raw).headers("subject")[0]?.text(), "x");
    assert.ok(process.cpuUsage(start).user < 1e6);
  });
});

const trees: readonly {
  readonly name: string;
  readonly raw: Buffer;
  readonly want: readonly string[];
  readonly texts: readonly string[];
}[] = [
  { name: "no header", raw: mail("", "body"), want: ["text/plain"], texts: ["body"] },
  { name: "an impossible Content-Type", raw: mail("Content-Type: text", "", "x"), want: ["text/plain"], texts: ["x"] },
  {
    name: "two parts",
    raw: multipart("mixed", "--b", "", "1", "--b", "", "2", "--b--", ""),
    want: ["multipart/mixed", " text/plain", " text/plain"],
    texts: ["1", "2"],
  },
  {
    name: "an empty part",
    raw: multipart("mixed", "--b", "", "", "--b--"),
    want: ["multipart/mixed", " text/plain"],
    texts: [""],
  },
  {
    name: "blanks after a delimiter",
    raw: multipart("mixed", "--b \t", "", "1", "--b-- ", "x"),
    want: ["multipart/mixed", " text/plain"],
    texts: ["1"],
  },
  {
    name: "text like a delimiter",
    raw: multipart("mixed", "--b", "", " --b", "--bc", "x--b", "--b--"),
    want: ["multipart/mixed", " text/plain"],
    texts: [" --b\r\n--bc\r\nx--b"],
  },
  {
    name: "an inner multipart that never closes",
    raw: multipart(
      "mixed",
      "--b",
      "Content-Type: multipart/x; boundary=c",
      "",
      "--c",
      "",
      "1",
      "--b",
      "",
      "2",
      "--b--",
    ),
    want: ["multipart/mixed", " multipart/x", "  text/plain", " text/plain"],
    texts: ["1", "2"],
  },
  {
    name: "a digest",
    raw: multipart("digest", "--b", "", "Subject: in", "", "1", "--b--"),
    want: ["multipart/digest", " message/rfc822", "  text/plain"],
    texts: ["1"],
  },
  {
    name: "no boundary parameter",
    raw: mail("Content-Type: multipart/mixed", "", "--guess-me", "", "1", "--guess-me--"),
    want: ["multipart/mixed", " text/plain"],
    texts: ["1"],
  },
  {
    name: "an enclosed mail in base64",
    raw: mail(
      "Content-Type: message/rfc822",
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from("Subject: in\r\n\r\n1").toString("base64"),
    ),
    want: ["message/rfc822", " text/plain"],
    texts: ["1"],
  },
  {
    name: "cut inside a part's header",
    raw: multipart("mixed", "--b", "", "1", "--b", "Content-Ty"),
    want: ["multipart/mixed", " text/plain", " text/plain"],
    texts: ["1", ""],
  },
];

describe("the MIME tree", () => {
  for (const { name, raw, want, texts } of trees) {
    it(name, () => {
      assert.deepEqual(outline(raw), want);
      assert.deepEqual(textsOf(raw), texts);
    });
  }

  it("reads what an entity says of itself", () => {
    const raw = mail(
      'Content-Type: Text/Calendar; Method=REQUEST; name="b.ics"',
      "Content-Disposition: ATTACHMENT; filename=a.ics",
      "Content-Transfer-Encoding: Base64 (yes)",
      "",
      "w6k=",
    );
    const { root } = readMessage(raw);
    assert.equal(root.type, "text/calendar");
    assert.equal(root.parameters.get("method"), "REQUEST");
    assert.deepEqual([root.disposition, root.filename, root.transferEncoding], ["attachment", "a.ics", "base64"]);
    assert.equal(root.text(), "é");
    assert.equal(root.headers("content-type").length, 1);
    assert.equal(raw.toString("latin1", root.bodyStart, root.end), "w6k=");
  });

  it("goes no deeper and no wider than its limits", () => {
    const deep = Array.from(
      { length: 200 },
      (_, level) => `Content-Type: multipart/mixed; boundary=b${level}x\r\n\r\n--b${level}x\r\n`,
    );
    const depths = [...walk(readMessage(Buffer.from(deep.join(""))).root)].map(({ depth }) => depth);
    assert.equal(Math.max(...depths), MAX_DEPTH);
    const wide = multipart("mixed", ...Array.from({ length: 5_000 }, () => "--b\r\n\r\nx"));
    const all = [...walk(readMessage(wide).root)];
    assert.equal(all.length, MAX_ENTITIES);
    assert.equal(all.at(-1)?.end, wide.length);
  });
});

describe("any octets", () => {
  const pieces = fc.constantFrom(
    "\r\n",
    "\n",
    "\r\n\r\n",
    "--b\r\n",
    "--b--\r\n",
    "Content-Type: multipart/mixed; boundary=b\r\n",
    "Content-Type: message/rfc822\r\n",
    "Content-Type: text/html; charset=utf-7\r\n",
    "Content-Type: multipart/report\r\n",
    "Content-Type: message/delivery-status\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "Final-Recipient: rfc822;",
    "Subject: ",
    "=?utf-8?B?w6k=?=",
    "<b>&eacute;",
    "=E9=\r\n",
    "w6k=",
    "\xff",
    "a@b.example",
  );

  it("are read whole without throwing", () => {
    const garbage = fc.array(pieces, { maxLength: 40 }).map((all) => Buffer.from(all.join(""), "latin1"));
    fc.assert(fc.property(fc.oneof(garbage, fc.uint8Array({ maxLength: 300 })), readWhole), { numRuns: 500 });
  });

  it("of odd mails, cut anywhere and with any octet changed, are too", () => {
    const change = fc.tuple(fc.constantFrom(...ODD_MAILS), fc.nat(), fc.nat(255), fc.nat());
    fc.assert(
      fc.property(change, ([{ raw }, place, octet, end]) => {
        const changed = Buffer.from(raw);
        changed[place % raw.length] = octet;
        readWhole(changed.subarray(0, end % (raw.length + 1)));
      }),
      { numRuns: 500 },
    );
  });
});

function readWhole(raw: Uint8Array): void {
  const message = readMessage(raw);
  for (const field of message.headerFields()) assert.ok(field.text().length + field.addresses().length >= 0);
  for (const entity of walk(message.root)) checkEntity(entity);
  assert.equal(typeof messageText(message), "string");
  readReport(message);
}

function checkEntity(entity: Entity): void {
  assert.ok(0 <= entity.headerStart && entity.headerStart <= entity.bodyStart && entity.bodyStart <= entity.end);
  assert.ok(entity.bytes().length <= entity.end - entity.bodyStart);
  assert.equal(typeof entity.text(), "string");
  assert.ok(entity.filename === null || typeof entity.disposition !== "undefined");
}
