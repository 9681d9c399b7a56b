import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MailMeta } from "@tamis/contracts";
import { FETCH_CHUNK_BYTES, reportSeen } from "@tamis/contracts";
import { makeToken } from "@tamis/tokens";
import fc from "fast-check";
import { HEAD, NOW } from "../test/plain-world.ts";
import { samples } from "../test/report-samples.ts";
import { bounceTo } from "../test/report-shapes.ts";
import type { WholeMail } from "./needs.ts";
import { reportIn } from "./report-in.ts";

const keys = { current: { id: "aa", secret: Buffer.alloc(32, 7) }, old: [] };
const token = makeToken("1000000007", keys);
const about = { token, messageId: `<${token}@academie.example>`, recipient: "anne@college.example" };

/** Octets of the longest mail that is fetched to its end. */
const MOST = 3 * FETCH_CHUNK_BYTES;

const octets = (text: string): Buffer => Buffer.from(text.replaceAll("\n", "\r\n"));

function read(raw: Buffer, more: { readonly meta?: Partial<MailMeta>; readonly whole?: Buffer | "gone" } = {}) {
  const meta = {
    uid: 3,
    size: raw.length,
    internalDate: NOW,
    flags: [],
    fingerprint: "f3",
    seenAt: NOW,
    fetchedAt: NOW,
  };
  let fetched = 0;
  const wholeMail = async (most = MOST): Promise<WholeMail> => {
    fetched += 1;
    const { whole = assert.fail("nothing is to be fetched") } = more;
    if (whole === "gone") return { kind: "gone" };
    if (whole.length <= Math.min(most, MOST)) return { kind: "whole", raw: whole };
    return { kind: "too-large", begin: whole.subarray(0, FETCH_CHUNK_BYTES) };
  };
  const seen = reportIn({ head: HEAD, mail: { meta: { ...meta, ...more.meta }, raw }, wholeMail });
  return seen.then((report) => ({ report, fetched }));
}

describe("reports in the shapes of the world", () => {
  for (const { name, kind, text, action, names } of samples)
    it(name, async () => {
      const { report } = await read(octets(text(about)));
      assert.equal(report?.kind, kind);
      assert.deepEqual(reportSeen.parse(JSON.parse(JSON.stringify(report))), report);
      assert.ok(report?.tokens.includes(token), "its token is among those that may be tokens");
      assert.equal(report.mailId, "a1/8b9f2e1c/7/3");
      if (report.kind === "dsn" && names !== "nobody") assert.equal(report.recipients[0]?.final, about.recipient);
      if (report.kind === "dsn" && action !== undefined) assert.equal(report.recipients[0]?.action, action);
      if (report.kind === "mdn" && names !== "nobody") assert.deepEqual(report.messageIds, [about.messageId]);
    });
});

it("of a report on very many recipients it is said that it names more than are handed over", async () => {
  const text = samples.find(({ name }) => name === "Exim: failed, with the whole mail")?.text(about) ?? "";
  for (const [count, more] of [
    [49, undefined],
    [50, true],
  ] as const) {
    const others = Array.from(
      { length: count },
      (_, n) => `\nAction: failed\nFinal-Recipient: rfc822;r${n}@b.example\n`,
    );
    const { report } = await read(octets(text.replace("Status: 5.0.0\n", `Status: 5.0.0\n${others.join("")}`)));
    assert.ok(report?.kind === "dsn");
    assert.deepEqual([report.recipients.length, report.more], [50, more]);
  }
});

describe("the status of a recipient", () => {
  for (const [status, diagnostic, want] of [
    ["5.0.0", "smtp; 550 5.1.1 no such user", "5.1.1"],
    ["5.0.0", "smtp; 550-5.1.1 no such user", "5.1.1"],
    ["5.0.0", "smtp; 550 no such user", "5.0.0"],
    ["5.0.0", "smtp; 450 4.2.2 full", "5.0.0"],
    ["5.0.0", "smtp; 550 5.1.1.9 is blocked", "5.0.0"],
    ["5.4.7", "smtp; 450 4.2.2 full", "5.4.7"],
    ["5.1.1", "smtp; 550 5.7.1 no", "5.1.1"],
    ["none", "smtp; 550 5.1.1 no such user", "5.1.1"],
    ["none", "x", undefined],
  ] as const)
    it(`is the more telling one of ${status} and ${diagnostic}`, async () => {
      const text = samples.find(({ name }) => name === "Exim: failed, with the whole mail")?.text(about) ?? "";
      const { report } = await read(
        octets(text.replace("Status: 5.0.0", `Status: ${status}\nDiagnostic-Code: ${diagnostic}`)),
      );
      assert.equal(report?.kind === "dsn" && report.recipients[0]?.status, want);
    });
});

describe("of a mail that is not all there", () => {
  const [sample] = samples;
  const whole = octets(sample?.text(about) ?? "");
  const headerEnd = whole.indexOf("\r\n\r\n") + 4;

  it("the rest is fetched where the header says that it is a report", async () => {
    const header = whole.subarray(0, headerEnd);
    const meta = { size: whole.length, omission: { parts: 3, omitted: [0, 1, 2] } };
    const { report, fetched } = await read(header, { meta, whole });
    assert.deepEqual([report?.kind, fetched], ["dsn", 1]);
  });

  const behind = (length: number): Buffer => {
    const long = octets(`\n--=_report\nContent-Type: text/plain\n\n${"x".repeat(length)}\n--=_report--\n`);
    return Buffer.concat([whole.subarray(0, whole.lastIndexOf("\r\n--=_report--")), long]);
  };

  for (const length of [10, 2 * FETCH_CHUNK_BYTES, 20 * FETCH_CHUNK_BYTES])
    it(`however long the mail is that came back with it, its beginning is enough: ${length} octets`, async () => {
      const long = behind(length);
      const meta = { size: long.length, omission: { parts: 4, omitted: [0, 1, 2, 3] } };
      const { report, fetched } = await read(whole.subarray(0, headerEnd), { meta, whole: long });
      assert.ok(report?.kind === "dsn");
      assert.deepEqual([report.recipients[0]?.action, fetched], ["failed", 1]);
    });

  it("what stands behind long words is fetched to its end, where that is not too far", async () => {
    for (const [length, want] of [
      [FETCH_CHUNK_BYTES, "dsn"],
      [20 * FETCH_CHUNK_BYTES, undefined],
    ] as const) {
      const long = octets(whole.toString("latin1").replaceAll("\r\n", "\n").replace("This is", "x".repeat(length)));
      const meta = { size: long.length, omission: { parts: 3, omitted: [0, 1, 2] } };
      const { report, fetched } = await read(whole.subarray(0, headerEnd), { meta, whole: long });
      assert.deepEqual([report?.kind, fetched], [want, 2]);
    }
  });

  it("nothing is fetched of one whose status part is there, nor of any other mail", async () => {
    const cut = whole.subarray(0, whole.indexOf("Content-Description: Undelivered"));
    assert.equal((await read(cut, { meta: { size: 10_000_000 } })).report?.kind, "dsn");
    const other = octets("Content-Type: multipart/mixed; boundary=b\nSubject: x\n\n");
    const meta = { size: 10_000_000, omission: { parts: 2, omitted: [0, 1] } };
    assert.equal((await read(other, { meta })).report, null);
  });

  it("the rest is fetched of what was sent to an address that is made for reports, whatever its header says", async () => {
    const wrapped = octets(samples.find(({ name }) => name.includes("footer"))?.text(about) ?? "");
    const header = wrapped.subarray(0, wrapped.indexOf("\r\n\r\n") + 4);
    const meta = { size: wrapped.length, omission: { parts: 4, omitted: [0, 1, 2, 3] } };
    const { report, fetched } = await read(header, { meta, whole: wrapped });
    assert.deepEqual([report?.kind, fetched], ["dsn", 1]);
  });

  it("nothing is fetched of an automatic reply in words, though it was sent there", async () => {
    const header = octets(
      `Return-Path: <>\nFrom: <anne@college.example>\nTo: ${bounceTo(about)}\nAuto-Submitted: auto-replied\n` +
        "Content-Type: multipart/alternative; boundary=b\n\n",
    );
    const meta = { size: 5_000, omission: { parts: 2, omitted: [0, 1] } };
    assert.equal((await read(header, { meta })).report?.kind, "auto-reply");
  });

  it("one that went meanwhile is none", async () => {
    const meta = { size: whole.length + 1 };
    assert.equal((await read(whole.subarray(0, headerEnd), { meta, whole: "gone" })).report, null);
  });
});

describe("what is no report", () => {
  const cases = [
    ["a mail", "Subject: x\n\ny"],
    ["an automatic reply to a mail without a token", "Auto-Submitted: auto-replied\nIn-Reply-To: <1@b.example>\n\nx"],
    [
      "a mail that says it is a report and has no status",
      "Content-Type: multipart/report; boundary=b\n\n--b\n\nx\n--b--",
    ],
    [
      "a bounce that says in words alone whom it did not reach: no automatic reply",
      `Return-Path: <>\nFrom: <MAILER-DAEMON@lycee.example>\nTo: ${bounceTo(about)}\nAuto-Submitted: auto-replied\n\nNon remis.`,
    ],
    [
      "a notice of a server that is away: it is for a person to see",
      `From: <postmaster@lycee.example>\nTo: ${bounceTo(about)}\nSubject: Out of office\n\nx`,
    ],
    ["a mail of a person whose subject says so", "From: <a@b.example>\nTo: <c@d.example>\nSubject: Out of office\n\nx"],
    ["an answer of a person to such an address", `From: <eve@lycee.example>\nTo: ${bounceTo(about)}\n\nQui est là ?`],
  ] as const;
  for (const [name, text] of cases) it(name, async () => assert.equal((await read(octets(text))).report, null));

  it("a report that somebody forwarded", async () => {
    const inner = samples[0]?.text(about) ?? "";
    const text = `Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: message/rfc822\n\n${inner}\n--o--\n`;
    assert.equal((await read(octets(text))).report, null);
  });
});

it("mutated reports are read or not, but never throw, and never grow beyond what is handed over", async () => {
  const mutation = fc.record({
    sample: fc.constantFrom(...samples),
    cuts: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 40 }), fc.string({ unit: "binary", maxLength: 12 })), {
      maxLength: 6,
    }),
  });
  await fc.assert(
    fc.asyncProperty(mutation, async ({ sample, cuts }) => {
      let text = sample.text(about);
      for (const [at, length, instead] of cuts) {
        const start = at % text.length;
        text = `${text.slice(0, start)}${instead}${text.slice(start + length)}`;
      }
      const { report } = await read(octets(text));
      if (report !== null) assert.deepEqual(reportSeen.parse(report), report);
    }),
    { numRuns: 400 },
  );
});
