import {
  type Circular,
  type Receipt,
  type RecipientFault,
  type ReportedRecipient,
  receiptState,
  sendingState,
} from "@tamis/contracts";
import type { ReceiptCounts } from "./circular-receipts.ts";
import type { CreatedCircular } from "./create-circular.ts";
import { receiptNotes } from "./receipt-notes.ts";
import type { Surroundings } from "./surroundings.ts";
import { formatTime } from "./table.ts";

/** A circular as it is now: what it is, when, how far, and what its owner has to decide. */
export function circularLines(circular: Circular, { say }: Surroundings): readonly string[] {
  const { id, subject, state, recipients, counts, dueAt, held } = circular;
  const states = sendingState.options.filter((one) => counts[one] !== undefined);
  const head = [
    `${id}: ${subject}`,
    say(`circular.state.${state}`),
    say("circular.of", { count: recipients }),
    ...(dueAt === null ? [] : [say("circular.due", { time: formatTime(dueAt) })]),
  ];
  return [
    head.join(", "),
    ...states.map((one) => `  ${say(`outbox.state.${one}`)}: ${counts[one]}`),
    ...(held === null ? [] : [say(`circular.held.${held}`, { id })]),
    ...(counts.held === undefined ? [] : [say("circular.held.recipients", { id })]),
  ];
}

/** What is known of those whom a circular reached; nothing where nobody is followed. */
export function receiptLines(
  { recipients, counts, autoReplies, complaints }: ReceiptCounts,
  { say }: Surroundings,
): readonly string[] {
  if (recipients === 0) return [];
  const states = receiptState.options.filter((state) => counts[state] !== undefined);
  return [
    say("circular.receipts", { count: recipients }),
    ...states.map((state) => `  ${say(`receipts.state.${state}`)}: ${counts[state]}`),
    ...(autoReplies === 0 ? [] : [`  ${say("receipts.auto-replies")}: ${autoReplies}`]),
    ...(complaints === 0 ? [] : [`  ${say("receipts.complaints")}: ${complaints}`]),
  ];
}

/** What came of a new one: what was left out, its number, how many it has. */
export function createdLines(created: CreatedCircular, io: Surroundings) {
  const { id, recipients, suppressed, faults, secrets, links, password } = created;
  return [
    ...faultLines(faults, io),
    io.say("circular.created", { id, count: recipients }),
    ...(suppressed > 0 ? [io.say("circular.suppressed", { count: suppressed })] : []),
    ...(links > 0 ? [io.say("circular.links", { count: links })] : []),
    ...(secrets > 0 ? [io.say("circular.secrets", { count: secrets })] : []),
    ...(password === undefined ? [] : [io.say("circular.password", { password })]),
  ];
}

/** Lines of one kind that are told one by one; the others are counted. */
const SHOWN = 20;

/** What was wrong with the lines of a file, the first of them in words. */
function faultLines(faults: readonly RecipientFault[], { say }: Surroundings): readonly string[] {
  if (faults.length === 0) return [];
  const shown = faults.slice(0, SHOWN).map((fault) =>
    say(`circular.fault.${fault.kind}`, {
      line: fault.line,
      missing: fault.kind === "fields" ? fault.missing.join(", ") : "",
    }),
  );
  return [...shown, ...(faults.length > SHOWN ? ["…"] : []), say("circular.faults", { count: faults.length })];
}

/** A recipient as a row of a table: how sending went, and what is known of it; `receipt` undefined: this is not shown, null: nothing is. */
export function recipientRow(
  { id, address, state, changedAt, nextAt, reply, sealing }: ReportedRecipient,
  receipt: Receipt | null | undefined,
  io: Surroundings,
): string[] {
  const { say } = io;
  const next = nextAt === null ? [] : [say("outbox.next", { time: formatTime(nextAt) })];
  const known = receipt === undefined ? [] : [receipt === null ? "" : say(`receipts.state.${receipt.state}`)];
  // A mail that was taken says nothing more than that.
  const isTaken = receipt !== undefined && state === "accepted";
  const notes = [
    ...(reply === null || isTaken ? [] : [reply]),
    ...next,
    ...sealingNotes(sealing, say),
    ...(receipt ? receiptNotes(receipt, io) : []),
  ];
  return [id, formatTime(changedAt), address, say(`outbox.state.${state}`), ...known, notes.join("; ")];
}

/** How secret attachments went, and what was wrong with the certificate. */
function sealingNotes(sealing: ReportedRecipient["sealing"], say: Surroundings["say"]): readonly string[] {
  if (sealing === undefined) return [];
  const { by, certificate } = sealing;
  return [
    say(`circular.sealed.${by}`),
    ...(certificate === undefined ? [] : [say(`circular.certificate.${certificate}`)]),
  ];
}
