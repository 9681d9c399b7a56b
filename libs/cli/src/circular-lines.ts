import { type Circular, type RecipientFault, type ReportedRecipient, sendingState } from "@tamis/contracts";
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

/** Lines of one kind that are told one by one; the others are counted. */
const SHOWN = 20;

/** What was wrong with the lines of a file, the first of them in words. */
export function faultLines(faults: readonly RecipientFault[], { say }: Surroundings): readonly string[] {
  if (faults.length === 0) return [];
  const shown = faults.slice(0, SHOWN).map((fault) =>
    say(`circular.fault.${fault.kind}`, {
      line: fault.line,
      missing: fault.kind === "fields" ? fault.missing.join(", ") : "",
    }),
  );
  return [...shown, ...(faults.length > SHOWN ? ["…"] : []), say("circular.faults", { count: faults.length })];
}

/** A recipient as a row of a table. */
export function recipientRow(
  { id, address, state, changedAt, nextAt, reply, sealing }: ReportedRecipient,
  { say }: Surroundings,
): string[] {
  const next = nextAt === null ? [] : [say("outbox.next", { time: formatTime(nextAt) })];
  const notes = [...(reply === null ? [] : [reply]), ...next, ...sealingNotes(sealing, say)];
  return [id, formatTime(changedAt), address, say(`outbox.state.${state}`), notes.join("; ")];
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
