import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { type CircularDraft, compileDraft, type MailIdentity, type RecipientFields, renderMail } from "./index.ts";

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
});
