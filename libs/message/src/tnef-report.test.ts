import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { mail } from "../test/odd-mails.ts";
import { tnefStream } from "../test/tnef-stream.ts";
import { readMessage, readReport } from "./index.ts";

const winmail = (octets: Uint8Array, type = "application/ms-tnef") => [
  `Content-Type: ${type}; name="winmail.dat"`,
  "Content-Transfer-Encoding: base64",
  "",
  Buffer.from(octets).toString("base64"),
];
const alone = (octets: Uint8Array, type?: string) => readReport(readMessage(mail(...winmail(octets, type))));

describe("reports in winmail.dat (MS-OXTNEF)", () => {
  for (const { name, kind, says } of [
    { name: "IPM.Microsoft Mail.Read Receipt", kind: "mdn", says: "displayed" },
    { name: "Microsoft Mail v3.0 IPM.Microsoft Mail.Non-Delivery", kind: "dsn", says: "failed" },
    { name: "REPORT.IPM.Note.IPNRN", kind: "mdn", says: "displayed" },
    { name: "REPORT.IPM.Note.IPNNRN", kind: "mdn", says: "deleted" },
    { name: "Report.IPM.Schedule.Meeting.Request.NDR", kind: "dsn", says: "failed" },
    { name: "REPORT.IPM.Note.DR", kind: "dsn", says: "delivered" },
  ])
    it(name, () => {
      const read = alone(tnefStream(name));
      assert.equal(read?.kind, kind);
      assert.equal(read.kind === "dsn" ? read.recipients[0]?.action : "disposition" in read && read.disposition, says);
    });

  it("are read beside a text, too", () => {
    const text = ["Content-Type: text/plain", "", "Lu."];
    const parts = [text, winmail(tnefStream("REPORT.IPM.Note.IPNRN"), "application/vnd.ms-tnef")];
    const whole = mail(
      "Content-Type: multipart/mixed; boundary=b",
      "",
      ...parts.flatMap((part) => ["--b", ...part]),
      "--b--",
    );
    assert.equal(readReport(readMessage(whole))?.kind, "mdn");
  });

  it("are none of other messages, nor of streams that are none or were cut off", () => {
    for (const name of ["IPM.Microsoft Mail.Note", "IPM.Note", "REPORT", "constructor", ""])
      assert.equal(alone(tnefStream(name)), null, name);
    const stream = tnefStream("REPORT.IPM.Note.IPNRN");
    assert.equal(alone(stream.subarray(1)), null);
    assert.equal(alone(stream.subarray(0, 40)), null);
  });

  it("never throw, whatever the octets", () => {
    const stream = tnefStream("REPORT.IPM.Note.IPNRN");
    fc.assert(
      fc.property(fc.nat({ max: stream.length - 1 }), fc.uint8Array({ maxLength: 20 }), (at, instead) => {
        alone(Buffer.concat([stream.subarray(0, at), instead, stream.subarray(at + instead.length)]));
      }),
    );
  });
});
