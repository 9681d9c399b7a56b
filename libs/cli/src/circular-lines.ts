import {
  type Circular,
  type CircularOutlook,
  type Receipt,
  type RecipientFault,
  type ReportedRecipient,
  receiptState,
  sendingState,
} from "@tamis/contracts";
import type { AddedLists } from "./add-to-circular.ts";
import type { ReceiptCounts } from "./circular-receipts.ts";
import type { CreatedCircular } from "./create-circular.ts";
import { receiptNotes } from "./receipt-notes.ts";
import type { Surroundings } from "./surroundings.ts";
import { formatBytes, formatTime } from "./table.ts";

/** A circular as it is now: what it is, when, how far, and what its owner has to decide. */
export function circularLines(circular: Circular, { say }: Surroundings): readonly string[] {
  const { id, subject, state, recipients, counts, dueAt, held, every } = circular;
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
    ...waitLines(circular, { say }),
    ...(every === undefined || every.left === 0
      ? []
      : [
          say(every.left === null ? "circular.recurs" : "circular.recurs.left", {
            rule: every.rule,
            left: every.left ?? 0,
          }),
        ]),
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
  const { id, recipients, suppressed, faults, lists, outlook, secrets, links, password } = created;
  const said = [...faultLines(faults, io), ...addedLines(lists, io)];
  if (outlook !== null) return [...said, ...outlookLines(outlook, io), io.say("circular.dry")];
  return [
    ...said,
    io.say("circular.created", { id, count: recipients }),
    ...(suppressed > 0 ? [io.say("circular.suppressed", { count: suppressed })] : []),
    ...(links > 0 ? [io.say("circular.links", { count: links })] : []),
    ...(secrets > 0 ? [io.say("circular.secrets", { count: secrets })] : []),
    ...(password === undefined ? [] : [io.say("circular.password", { password })]),
  ];
}

/** That it has begun, and goes on when office hours do. */
function waitLines({ state, hours }: Circular, { say }: Pick<Surroundings, "say">): readonly string[] {
  if (state !== "started" || hours === undefined || hours.opensAt <= Date.now()) return [];
  return [say("circular.hours.waits", { time: formatTime(hours.opensAt) })];
}

/** What came of each list, what was met in it, and the first that were left out. */
export function addedLines(added: AddedLists | null, { say }: Surroundings): readonly string[] {
  if (added === null) return [];
  return added.sources.flatMap(({ source, notes, ...counts }) => {
    const { found, lists, depth } = counts;
    const parts = (["doubles", "invalid", "incomplete"] as const)
      .filter((one) => counts[one] > 0)
      .map((one) => say(`circular.source.${one}`, { count: counts[one] }));
    const nested = lists > 1 ? [say("circular.source.nested", { lists, depth })] : [];
    const head = say("circular.source", { source, added: counts.added, found });
    const own = added.leftOut.filter((one) => one.source === source).slice(0, SHOWN);
    return [
      [head, ...parts, ...nested].join(", "),
      ...notes.map((note) =>
        say(
          `circular.note.${note.kind}`,
          note.kind === "cycle" ? { path: note.path.join(" → ") } : { count: note.count },
        ),
      ),
      ...own.map(({ address, missing }) =>
        say(`circular.left-out.${missing.length === 0 ? "address" : "fields"}`, {
          address,
          missing: missing.join(", "),
        }),
      ),
    ];
  });
}

/** Domains that are told by name. */
const DOMAINS_SHOWN = 8;

/** What will leave: how much, to which domains, and who gets nothing. */
export function outlookLines(outlook: CircularOutlook, { say }: Surroundings): readonly string[] {
  const { recipients, suppressed, size, domains, domainCount } = outlook;
  const count = recipients - suppressed;
  const shown = domains.slice(0, DOMAINS_SHOWN);
  return [
    say("circular.outlook", { count, size: formatBytes(size), total: formatBytes(count * size) }),
    ...shown.map((one) => `  ${one.domain}: ${one.count}`),
    ...(domainCount > shown.length ? [`  ${say("circular.outlook.more", { count: domainCount - shown.length })}`] : []),
    ...(suppressed > 0 ? [say("circular.outlook.suppressed", { count: suppressed })] : []),
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
