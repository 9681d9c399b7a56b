import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bus } from "@tamis/bus";
import { addRecipients, askCirculars, createCircular, readRecipientsCsv } from "@tamis/circulars";
import type { CircularRecipient } from "@tamis/contracts";
import { zoneOffset } from "@tamis/when";
import type { Language } from "../language.ts";
import type { SchoolAccount } from "../school.ts";

/** Whose circular it is: local part of the account. */
export const SENDER = "helene.marchand";
/** Whose mailbox is no more: the relay takes the mail, and a report comes back. */
export const FORMER = "lucie.bernard";
/** Who opens the mail, with a mail program that tells so. */
export const READER = "claire.moreau";
export const SUBJECT = "Portes ouvertes : {{prenom}}, votre place";
/** What readers try by themselves, with the command. */
export const LETTER = "portes-ouvertes.md";
export const RECIPIENTS = "personnels.csv";
/** Where the school is. */
const ZONE = "Europe/Paris";
/** Rules file by it, and nobody is answered automatically (RFC 5230 §4.6). */
const LIST_ID = "personnels.listes.academie.example";

/** The recipients in the file. Throws where it cannot be read. */
export function recipients(): readonly CircularRecipient[] {
  const read = readRecipientsCsv(readFileSync(join(import.meta.dirname, RECIPIENTS)));
  if (!read.ok) throw new Error(`${RECIPIENTS}: ${read.fault.kind}`);
  return read.recipients;
}

type Sending = {
  readonly bus: Pick<Bus, "request" | "objects">;
  readonly sender: Pick<SchoolAccount, "id" | "address">;
  readonly language: Language;
  /** From its scheduling to its leaving, ms; whole seconds of the clock count. */
  readonly delayMs: number;
};

/** What of an answer is no refusal; throws what the refusal says. */
function granted<Answer extends { readonly kind: string }>(
  answer: Answer,
): Exclude<Answer, { readonly kind: "refused" }> {
  if (answer.kind === "refused") throw new Error("reason" in answer ? String(answer.reason) : answer.kind);
  // Proof: the line before.
  return answer as Exclude<Answer, { readonly kind: "refused" }>;
}

/** Makes a circular for the whole school and schedules it, as `tamis circular create` and `schedule` do. Its number; throws where it is refused. */
export async function sendCircular({ bus, sender, language, delayMs }: Sending): Promise<string> {
  const head = {
    v: 1,
    from: { address: sender.address, name: "Hélène Marchand" },
    subject: SUBJECT,
    markdown: readFileSync(join(import.meta.dirname, LETTER), "utf8"),
    attachments: [],
    listId: LIST_ID,
    tracked: true,
    receipts: "read",
  } as const;
  const account = { id: sender.id, address: sender.address };
  const draft = { head, attachments: [] };
  const { id } = granted(await createCircular(bus, { account, key: randomUUID(), draft, language }));
  const asked = { accountId: account.id, id, language } as const;
  granted(await addRecipients(bus, { ...asked, recipients: recipients() }));
  const at = Date.now() + delayMs;
  const wall = new Date(at + zoneOffset(ZONE, at)).toISOString().slice(0, 19);
  // In the hour before clocks are set back it is the first of two.
  const which = zoneOffset(ZONE, at + 3_600_000) < zoneOffset(ZONE, at) ? "earlier" : "later";
  granted(
    await askCirculars(bus, { op: "schedule", ...asked, when: { kind: "wall", wall, zone: ZONE, which } }, "scheduled"),
  );
  return id;
}
