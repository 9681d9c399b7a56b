import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import fc from "fast-check";
import { dataBlock } from "../smtp/data-block.ts";
import { type DraftRules, type ReadDraft, readDraft } from "./read-draft.ts";

const ANNA = "anna@example.org";
/** Friday, 27 November 2026, 17:00 in Paris. */
const NOW = new Date("2026-11-27T16:00:00Z");

const rules = (more: Partial<DraftRules> = {}): DraftRules => ({
  account: { address: ANNA, identities: ["office@example.org"] },
  now: NOW,
  clock: NOW,
  readsSubject: true,
  marks: ["[[", "]]"],
  zone: "Europe/Paris",
  graceMs: 15 * 60_000,
  ...more,
});

/** As Thunderbird leaves it in Drafts, with the fields of Send Later. */
const THUNDERBIRD = `X-Mozilla-Status: 0001
X-Mozilla-Status2: 00000000
X-Mozilla-Keys:
FCC: imap://anna%40example.org@imap.example.org/Sent
X-Identity-Key: id1
X-Account-Key: account1
X-Send-Later-At: Mon, 30 Nov 2026 08:00:00 +0100
X-Send-Later-Uuid: {6d1f8a7e-02c1-4b1d-a1d7-3c1b3f1f2f10}
X-Send-Later-Recur: weekly / 2 between 800 1700 on 1 2 3 4 5
X-Send-Later-Args: [7]
X-Send-Later-Cancel-On-Reply: yes
BCC: Carl <carl@example.com>,
 dora@example.com
Message-ID: <5f0c1b2a-1111-2222-3333-444455556666@example.org>
Date: Fri, 27 Nov 2026 16:40:12 +0100
MIME-Version: 1.0
User-Agent: Mozilla Thunderbird
Content-Language: fr
To: Bob <bob@example.com>
Cc: bob@EXAMPLE.com, Équipe <equipe@example.com>
From: Anna <anna@example.org>
Subject: =?UTF-8?Q?R=C3=A9union?=
X-Mozilla-Draft-Info: internal/draft; vcard=0; receipt=0; DSN=0; uuencode=0;
 attachmentreminder=0; deliveryformat=0
Content-Type: text/plain; charset=UTF-8; format=flowed
Content-Transfer-Encoding: 8bit

À lundi.
X-Send-Later-At: this line is text.
`;

const octets = (text: string): Buffer => Buffer.from(text.replaceAll("\n", "\r\n"));

function read(text: string, more?: Partial<DraftRules>): ReadDraft {
  const found = readDraft(octets(text), rules(more));
  assert.ok(!("code" in found), JSON.stringify(found));
  return found;
}

const plain = (subject: string, more = ""): string =>
  `From: ${ANNA}\nTo: bob@example.com\nSubject: ${subject}\n${more}\nBonjour\n`;

describe("a draft with the fields of Send Later", () => {
  it("leaves at its time, to all of its recipients, without what programs wrote for themselves", () => {
    const { octets: left, ...draft } = read(THUNDERBIRD, { readsSubject: false });
    assert.deepEqual(draft, {
      from: ANNA,
      to: ["bob@example.com", "equipe@example.com", "carl@example.com", "dora@example.com"],
      due: { at: new Date("2026-11-30T07:00:00Z"), wall: "2026-11-30 08:00", zone: "Europe/Paris" },
      recurrence: "weekly / 2 between 0800 1700 on 1 2 3 4 5",
      endsOnReply: true,
    });
    assert.equal(
      Buffer.from(left).toString(),
      octets(`MIME-Version: 1.0
User-Agent: Mozilla Thunderbird
Content-Language: fr
To: Bob <bob@example.com>
Cc: bob@EXAMPLE.com, Équipe <equipe@example.com>
From: Anna <anna@example.org>
Subject: =?UTF-8?Q?R=C3=A9union?=
Content-Type: text/plain; charset=UTF-8; format=flowed
Content-Transfer-Encoding: 8bit

À lundi.
X-Send-Later-At: this line is text.
`).toString(),
    );
  });

  it("that is sent once ends on no reply: there is no mail before it", () => {
    const once = THUNDERBIRD.replace(/X-Send-Later-Recur: .*/, "X-Send-Later-Recur: none");
    const { recurrence, endsOnReply } = read(once);
    assert.deepEqual([recurrence, endsOnReply], [null, false]);
  });

  it("to nobody but hidden ones leaves with a group that names none of them", () => {
    const { to, octets: left } = read(
      `From: ${ANNA}\nBcc: carl@example.com\nX-Send-Later-At: Mon, 30 Nov 2026 08:00:00 +0100\n\nx\n`,
    );
    assert.deepEqual(to, ["carl@example.com"]);
    assert.equal(Buffer.from(left).toString(), `To: undisclosed-recipients:;\r\nFrom: ${ANNA}\r\n\r\nx\r\n`);
  });

  it("leaves from Sender, where it has one that is the account's", () => {
    const text = plain("x", "Sender: Office <office@example.org>\nX-Send-Later-At: Mon, 30 Nov 2026 08:00:00 +0100\n");
    assert.equal(read(text).from, "office@example.org");
  });
});

describe("the time that Send Later wrote", () => {
  const cases = [
    ["Mon, 30 Nov 2026 08:00:00 +0100 (CET)", "2026-11-30T07:00:00Z", "2026-11-30 08:00", "Europe/Paris"],
    ["Mon Nov 30 2026 08:00:00 GMT+0100 (heure normale)", "2026-11-30T07:00:00Z", "2026-11-30 08:00", "Europe/Paris"],
    ["Sun, 31 Oct 2027 02:30:00 +0200", "2027-10-31T00:30:00Z", "2027-10-31 02:30", "Europe/Paris"],
    ["Sun, 31 Oct 2027 02:30:00 +0100", "2027-10-31T01:30:00Z", "2027-10-31 02:30", "Europe/Paris"],
    // Of those who are elsewhere nothing but the offset is known: it is by their clocks that it recurs.
    ["Mon, 30 Nov 2026 08:00:00 +0400", "2026-11-30T04:00:00Z", "2026-11-30 08:00", "+04:00"],
    ["Mon, 30 Nov 2026 08:00:00 -0330", "2026-11-30T11:30:00Z", "2026-11-30 08:00", "-03:30"],
    ["Mon, 30 Nov 2026 08:00:00 +0545", "2026-11-30T02:15:00Z", "2026-11-30 08:00", "+05:45"],
    ["2026-11-30T08:00:00Z", "2026-11-30T08:00:00Z", "2026-11-30 08:00", "+00:00"],
  ] as const;
  for (const [text, at, wall, zone] of cases)
    it(text, () => {
      const { due } = read(plain("x", `X-Send-Later-At: ${text}\n`));
      assert.deepEqual(due, { at: new Date(at), wall, zone });
    });
});

it("who is named in groups gets it, and hidden groups are not told of", () => {
  const { to, octets: left } = read(
    `From: ${ANNA}\nTo: Classe: bob@example.com, Carl <carl@example.com>;\nBcc: Direction: dora@example.com;\nSubject: [[lundi 8:00]] x\n\nx\n`,
  );
  assert.deepEqual(to, ["bob@example.com", "carl@example.com", "dora@example.com"]);
  assert.doesNotMatch(Buffer.from(left).toString(), /Direction|dora/);
});

describe("a time in a subject", () => {
  const cases = [
    ["[[lundi 8:00]] Conseil de classe", "2026-11-30T07:00:00Z", "Conseil de classe"],
    ["Meeting [[Monday 8am]] on Tuesday", "2026-11-30T07:00:00Z", "Meeting on Tuesday"],
    [
      "=?utf-8?Q?=5B=5Ble_1er_d=C3=A9cembre_=C3=A0_midi=5D=5D_Caf=C3=A9?=",
      "2026-12-01T11:00:00Z",
      "=?utf-8?B?Q2Fmw6k=?=",
    ],
    ["[[2027-03-28 03:00]] first hour of summer", "2027-03-28T01:00:00Z", "first hour of summer"],
    ["[[dans 2 heures]]", "2026-11-27T18:00:00Z", ""],
    ["[[room 12]] plan for [[tomorrow 9:00]]", "2026-11-28T08:00:00Z", "[[room 12]] plan for"],
  ] as const;
  for (const [subject, at, left] of cases)
    it(subject, () => {
      const found = read(plain(subject));
      assert.equal(found.due.at.toISOString(), new Date(at).toISOString());
      assert.equal(/^Subject: ?(.*)\r$/m.exec(Buffer.from(found.octets).toString())?.[1], left);
      assert.equal(
        Buffer.from(found.octets)
          .toString()
          .match(/^Subject/gm)?.length,
        1,
      );
    });

  it("counts from when the draft was put there, not from when it is taken", () => {
    // Seen on Friday; Tamis was away until Sunday.
    const { due } = read(plain("[[samedi 18h]] x"), { clock: new Date("2026-11-28T17:10:00Z") });
    assert.equal(due.at.toISOString(), "2026-11-28T17:00:00.000Z");
  });

  it("may stand between other marks", () => {
    assert.equal(read(plain("{lundi 8:00} x"), { marks: ["{", "}"] }).due.wall, "2026-11-30 08:00");
  });

  it("is stripped too where it says the same as the field of Send Later", () => {
    const { octets: left } = read(plain("[[lundi 8:00]] x", "X-Send-Later-At: Mon, 30 Nov 2026 08:00:00 +0100\n"));
    assert.match(Buffer.from(left).toString(), /^Subject: x\r$/m);
  });
});

describe("a draft that cannot be sent says why", () => {
  const later = "X-Send-Later-At: Mon, 30 Nov 2026 08:00:00 +0100\n";
  const cases = [
    ["no time", plain("lundi 8:00"), "no-time"],
    ["marks in Drafts do not count", plain("[[lundi 8:00]]"), "no-time", { readsSubject: false }],
    ["marks around something else", plain("[[salle 3]] x"), "said"],
    ["two times", plain("[[lundi 8:00]] [[mardi 8:00]]"), "two-times"],
    ["two that differ", plain("[[mardi 8:00]] x", later), "two-times"],
    ["no date", plain("x", "X-Send-Later-At: soon\n"), "bad-date"],
    ["a time of no zone", plain("x", "X-Send-Later-At: Mon, 30 Nov 2026 08:00:00\n"), "bad-date"],
    ["a zone by a name of its own", plain("x", "X-Send-Later-At: Mon, 30 Nov 2026 08:00:00 CET\n"), "bad-date"],
    ["an offset that no zone has", plain("x", "X-Send-Later-At: Mon, 30 Nov 2026 08:00:00 +9900\n"), "bad-date"],
    ["two fields", plain("x", `${later}${later.replace("08", "09")}`), "two-times"],
    ["over", plain("x", "X-Send-Later-At: Fri, 27 Nov 2026 16:44:00 +0100\n"), "late"],
    ["a slip of the keyboard", plain("x", "X-Send-Later-At: Mon, 30 Nov 2096 08:00:00 +0100\n"), "said"],
    ["a wall time that is not", plain("[[2027-03-28 02:30]] x"), "ambiguous"],
    ["a wall time that comes twice", plain("[[2027-10-31 02:30]] x"), "ambiguous"],
    ["no recipient", `From: ${ANNA}\nTo: undisclosed-recipients:;\n${later}\nx\n`, "no-recipient"],
    ["a name without an address", `From: ${ANNA}\nTo: Bob\n${later}\nx\n`, "bad-address"],
    ["an address that is none", `From: ${ANNA}\nTo: bob@@example.com\n${later}\nx\n`, "bad-address"],
    ["no author", `To: bob@example.com\n${later}\nx\n`, "no-from"],
    ["two authors", `From: ${ANNA}\nFrom: ${ANNA}\nTo: bob@example.com\n${later}\nx\n`, "several-from"],
    [
      "more fields than are read",
      `From: ${ANNA}\nTo: b@example.com\n${"X: y\n".repeat(10_000)}${later}\nx\n`,
      "too-long",
    ],
    ["somebody else", `From: head@example.org\nTo: bob@example.com\n${later}\nx\n`, "foreign-from"],
    ["somebody else too", `From: ${ANNA}, head@example.org\nTo: bob@example.com\n${later}\nx\n`, "foreign-from"],
    ["a program", plain("x", `${later}X-Send-Later-Recur: function BusinessHours\n`), "recurrence"],
    ["every minute", plain("x", `${later}X-Send-Later-Recur: minutely / 5\n`), "recurrence"],
  ] as const;
  for (const [name, text, code, more] of cases)
    it(name, () => {
      const found = readDraft(octets(text), rules(more));
      assert.equal("code" in found ? found.code : "read", code);
    });

  it("more than a circular's worth of recipients", () => {
    const to = Array.from({ length: 501 }, (_, i) => `a${i}@example.com`).join(",\n ");
    const found = readDraft(octets(`From: ${ANNA}\nTo: ${to}\n${later}\nx\n`), rules());
    assert.equal("code" in found && found.code, "too-many-recipients");
  });

  it("a time that has just passed while it lay untouched is now", () => {
    const { due } = read(plain("x", "X-Send-Later-At: Fri, 27 Nov 2026 16:46:00 +0100\n"));
    assert.equal(due.at.toISOString(), "2026-11-27T15:46:00.000Z");
  });
});

it("octets of any kind are read or refused, and no hidden recipient or field of a program ever leaves", () => {
  const lines = fc.constantFrom(
    ...THUNDERBIRD.split("\n"),
    "Bcc: x@example.com",
    "bcc : y@example.com",
    " folded",
    "X-Note: a\rBcc: z@example.com",
    "X-Note: b\nBcc: z@example.com",
    "Subject: [[lundi 8:00]]",
    "",
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(lines, fc.string({ unit: "binary", maxLength: 20 })), { maxLength: 30 }),
      (header) => {
        const text = `From: ${ANNA}\r\nTo: bob@example.com\r\n${header.join("\r\n")}\r\n\r\nx\r\n`;
        const found = readDraft(Buffer.from(text, "latin1"), rules());
        if ("code" in found) return;
        const hidden = /^(?:bcc|x-send-later-.*|x-mozilla-.*|x-identity-key|fcc|date|message-id)$/;
        // As it is sent: a line end that stands alone is made a whole one.
        const fields = readMessage(dataBlock(found.octets)).headerFields();
        assert.deepEqual(
          fields.map(({ lowerName }) => lowerName).filter((name) => hidden.test(name)),
          [],
        );
      },
    ),
    { numRuns: 500 },
  );
});
