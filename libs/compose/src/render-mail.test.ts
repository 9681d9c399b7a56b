import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import {
  type CircularDraft,
  compileDraft,
  type MailIdentity,
  type RecipientFields,
  readAddress,
  renderMail,
  renderSealedMail,
  sharedOctets,
} from "./index.ts";

const draft: CircularDraft = {
  from: { address: "recteur@academie.example", name: "Le recteur de l'académie, région" },
  subject: 'Rentrée {{annee}} : {{prenom|"cher collègue"}}',
  text: 'Bonjour {{ prenom | "cher collègue" }} !\nÀ lundi.\n',
  attachments: [],
};
const recipient: RecipientFields = { address: "a.b@ecole.example", fields: { prenom: "Zoé", annee: "2026" } };
const identity: MailIdentity = { messageId: "<1.a@academie.example>", date: new Date("2026-11-30T07:00:00Z") };

function mailOf(
  changes: Partial<CircularDraft> = {},
  to: Partial<RecipientFields> = {},
  id: Partial<MailIdentity> = {},
): Buffer {
  const { ok, ...rest } = compileDraft({ ...draft, ...changes });
  assert.ok(ok && "compiled" in rest, JSON.stringify(rest));
  return renderMail(rest.compiled, { ...recipient, ...to }, { ...identity, ...id }, null);
}

describe("renderMail", () => {
  it("makes mails as long as is known before, but for their header and values", () => {
    const file = { filename: "a.pdf", type: "application/pdf", octets: Buffer.alloc(300_000, 1) };
    const made = compileDraft({ ...draft, attachments: [file] });
    assert.ok(made.ok);
    const own = renderMail(made.compiled, recipient, identity, null).length - sharedOctets(made.compiled);
    assert.ok(own > 0 && own < 2_000, `${own}`);
  });

  it("writes the fields of a circular, and no others", () => {
    const mail = mailOf(
      {
        listId: "Personnels à lire <staff.academie.example>",
        unsubscribe: { url: "https://x.example/u/{token}", mailto: "u+{token}@x.example" },
        replyTo: { address: "r@academie.example" },
        headers: { "X-Campagne": "{{annee}}" },
      },
      { name: "Zoé Dupont" },
      { unsubscribeToken: "abc", dispositionNotificationTo: "r+t@academie.example" },
    );
    const message = readMessage(mail);
    const fields = message.headerFields().map((field) => `${field.name}: ${field.text()}`);
    assert.deepEqual(fields, [
      "From: Le recteur de l'académie, région <recteur@academie.example>",
      "Reply-To: r@academie.example",
      "Subject: Rentrée 2026 : Zoé",
      "To: Zoé Dupont <a.b@ecole.example>",
      "Date: Mon, 30 Nov 2026 07:00:00 +0000",
      "Message-ID: <1.a@academie.example>",
      "Disposition-Notification-To: r+t@academie.example",
      "List-Unsubscribe: <https://x.example/u/abc>, <mailto:u+abc@x.example?subject=unsubscribe>",
      "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
      "Auto-Submitted: auto-generated",
      "Precedence: bulk",
      "List-Id: Personnels à lire <staff.academie.example>",
      "X-Campagne: 2026",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
    ]);
  });

  it("writes domains in A-labels, and UTF-8 only where a local part needs it", () => {
    const header = (address: string): string => mailOf({}, { address }).toString("utf8").split("\r\n\r\n")[0] ?? "";
    const idn = header("a@acad\u00e9mie.example");
    assert.match(idn, /^To: a@xn--acadmie-eya\.example$/m);
    assert.match(idn, /^[\t\r\n -~]*$/);
    assert.match(header("zo\u00e9@ecole.example"), /^To: zo\u00e9@ecole\.example$/m);
  });

  it("asks to unsubscribe in both fields, or in none", () => {
    assert.doesNotMatch(mailOf().toString(), /^List-/m);
    assert.match(
      mailOf({ unsubscribe: { url: "https://x.example/?u={token}" } }, {}, { unsubscribeToken: "ab-1-2" }).toString(),
      /^List-Unsubscribe: <https:\/\/x\.example\/\?u=ab-1-2>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m,
    );
  });

  const thrown: readonly (readonly [name: string, mail: () => Buffer])[] = [
    ["an address that adds a field", () => mailOf({}, { address: "a@b.example>\r\nBcc: <c@d.example" })],
    ["an address without a domain", () => mailOf({}, { address: "a" })],
    ["a Message-ID that adds a field", () => mailOf({}, {}, { messageId: "<1@x.example>\r\nBcc: c@d.example" })],
    ["a Message-ID without a domain", () => mailOf({}, {}, { messageId: "<1>" })],
    ["no token for a draft that needs one", () => mailOf({ unsubscribe: { url: "https://x.example/{token}" } })],
    [
      "a token that is more than one",
      () => mailOf({ unsubscribe: { url: "https://x.example/{token}" } }, {}, { unsubscribeToken: "a>, <b" }),
    ],
  ];
  for (const [name, mail] of thrown) it(`throws on ${name}`, () => assert.throws(mail, RangeError));

  it("is the same for the same recipient and identity, byte for byte", () => {
    assert.deepEqual(mailOf(), mailOf());
  });
});

describe("renderSealedMail", () => {
  const made = compileDraft({
    ...draft,
    html: "<b>{{prenom}}</b>",
    attachments: [{ filename: "a.txt", type: "text/plain", octets: Buffer.from("secret") }],
  });
  assert.ok(made.ok);
  const { compiled } = made;
  const sealedWith = (body: string) => {
    let entity: Buffer = Buffer.alloc(0);
    const seal = (given: Buffer) => {
      entity = given;
      return {
        header: "Content-Type: application/pkcs7-mime;\r\n smime-type=x\r\nX-A: b\r\n",
        body: Buffer.from(body),
      };
    };
    const mail = renderSealedMail(compiled, recipient, identity, { dkim: null, seal });
    return { mail, entity };
  };

  it("has the header of the mail outside, and the whole of its MIME entity inside", () => {
    const { mail, entity } = sealedWith("sealed\r\n");
    const open = renderMail(compiled, recipient, identity, null);
    const [header = "", body] = mail.toString().split("\r\n\r\n");
    assert.equal(body, "sealed\r\n");
    assert.ok(open.toString().endsWith(entity.toString()));
    const mime = entity.toString().slice(0, entity.indexOf("\r\n\r\n"));
    assert.match(mime, /^Content-Type: multipart\/mixed;/);
    assert.equal(
      `${header}\r\n`,
      open.toString().slice(0, open.indexOf(mime)) +
        "Content-Type: application/pkcs7-mime;\r\n smime-type=x\r\nX-A: b\r\n",
    );
  });
});

describe("readAddress", () => {
  const cases: readonly (readonly [text: string, address: string | null])[] = [
    ["a.b+c@d.example", "a.b+c@d.example"],
    ['"a b"@d.example', '"a b"@d.example'],
    ["a@[192.0.2.1]", "a@[192.0.2.1]"],
    ["a@D\u00c9.example", "a@xn--d-bga.example"],
    ["a..b@c.example", null],
    [".a@c.example", null],
    ["a@b@c.example", null],
    ["a b@c.example", null],
    ["Name <a@c.example>", null],
    ["a@c.example, b@c.example", null],
    ["a@-c.example", null],
    ["a@c..example", null],
    ["a@c.example/\u00e9", null],
    [`${"a".repeat(65)}@c.example`, null],
    [`a@${"b.".repeat(130)}example`, null],
    ["a\u200b@c.example", null],
    ["", null],
  ];
  for (const [text, address] of cases)
    it(`reads “${text.slice(0, 40)}”`, () => assert.equal(readAddress(text)?.address ?? null, address));
});
