import type { StoredFact } from "@tamis/bus";
import {
  type AppliedMail,
  type MailApplied,
  type MailDecided,
  mailApplied,
  mailDecided,
  type Plan,
  type Target,
} from "@tamis/contracts";
import { parseJson } from "./json.ts";
import type { Say } from "./say.ts";
import { formatTime } from "./table.ts";

type DecidedMail = MailDecided["mails"][number];

/** What is known of one mail: decided, applied, or both. */
export interface LogEntry {
  readonly mailId: string;
  readonly accountId: string;
  /** Epoch ms of the newest fact. */
  readonly at: number;
  readonly mode?: "observe" | "act";
  readonly sortId?: string;
  /** The run of rules that this takes back. */
  readonly undoOf?: string;
  readonly script?: { readonly name: string; readonly version: string };
  readonly decided?: DecidedMail;
  readonly applied?: AppliedMail;
}

/** Facts in their order → what is known of each mail. Facts of other kinds, or that cannot be read, change nothing. */
export class DecisionLog {
  readonly #entries = new Map<string, LogEntry>();
  readonly #accountId: string;
  readonly #takesPreviews: boolean;

  /**
   * A partition's subject carries many accounts: the facts of others change nothing. Nor do previews, which say what a draft would do
   * and not what became of a mail, unless they are wanted.
   */
  constructor(accountId: string, { takesPreviews = false } = {}) {
    this.#accountId = accountId;
    this.#takesPreviews = takesPreviews;
  }

  /** The entries that the fact changed. */
  add(fact: Pick<StoredFact, "subject" | "payload">): readonly LogEntry[] {
    const name = fact.subject.split(".")[2];
    if (name === mailDecided.name) {
      const parsed = mailDecided.schema.safeParse(parseJson(fact.payload));
      return parsed.success && parsed.data.accountId === this.#accountId ? this.#decided(parsed.data) : [];
    }
    if (name !== mailApplied.name) return [];
    const parsed = mailApplied.schema.safeParse(parseJson(fact.payload));
    return parsed.success && parsed.data.accountId === this.#accountId ? this.#applied(parsed.data) : [];
  }

  /** In order of time. */
  entries(): readonly LogEntry[] {
    return [...this.#entries.values()].sort((a, b) => a.at - b.at);
  }

  forget(mailId: string): void {
    this.#entries.delete(mailId);
  }

  #decided(fact: MailDecided): readonly LogEntry[] {
    const { accountId, mode, sortId, script } = fact;
    const about = {
      accountId,
      mode,
      ...(sortId === undefined ? {} : { sortId }),
      ...(script === undefined ? {} : { script }),
    };
    const mails = this.#takesPreviews ? fact.mails : fact.mails.filter(({ compared }) => compared === undefined);
    return mails.map((decided) => {
      const known = this.#entries.get(decided.mailId);
      // A decision of another sort has not been carried out yet.
      const applied = known?.sortId === sortId ? known?.applied : undefined;
      return this.#keep({
        ...about,
        mailId: decided.mailId,
        at: decided.at,
        decided,
        ...(applied === undefined ? {} : { applied }),
      });
    });
  }

  #applied(fact: MailApplied): readonly LogEntry[] {
    const { accountId, sortId, undoOf } = fact;
    return fact.mails.map((applied) => {
      const known = this.#entries.get(applied.mailId);
      const about = {
        accountId,
        ...(sortId === undefined ? {} : { sortId }),
        ...(undoOf === undefined ? {} : { undoOf }),
      };
      return this.#keep({ ...about, ...known, mailId: applied.mailId, at: applied.appliedAt, applied });
    });
  }

  #keep(entry: LogEntry): LogEntry {
    this.#entries.set(entry.mailId, entry);
    return entry;
  }
}

/** One mail on one line, an error of its script on a second. */
export function entryText(entry: LogEntry, say: Say): string {
  const { decided, applied } = entry;
  const rule =
    decided?.rule === undefined
      ? say(entry.undoOf !== undefined ? "log.undo" : applied?.wokenFor !== undefined ? "log.woken" : "log.no-rule")
      : decided.rule === `line ${decided.line}`
        ? say("log.line", { line: decided.line ?? 0 })
        : `${decided.rule} (${say("log.line", { line: decided.line ?? 0 })})`;
  const outcome =
    applied === undefined ? say(entry.mode === "observe" ? "log.dry" : "log.pending") : appliedText(applied, say);
  const where = decided === undefined ? (applied?.folder ?? "") : planText(decided.plan, say);
  const cause = decided === undefined ? null : causeText(decided, say);
  const line = `${formatTime(entry.at)}  ${entry.mailId}  ${cause === null ? "" : `${cause}: `}${rule} → ${where}  [${outcome}]`;
  return decided?.error === undefined ? line : `${line}\n    ! ${decided.error}`;
}

/** What somebody did over IMAP, for which rules ran (RFC 6785); null: the mail came, or a run of rules met it. */
export const causeText = ({ cause, folder = "INBOX" }: DecidedMail, say: Say): string | null =>
  cause === undefined ? null : say(`cause.${cause}`, { folder });

function appliedText(applied: AppliedMail, say: Say): string {
  const result = say(`result.${applied.result}`);
  const reason = applied.reason === undefined ? "" : `: ${applied.reason}`;
  const until =
    applied.snoozedUntil === undefined ? "" : `, ${say("log.until", { time: formatTime(applied.snoozedUntil) })}`;
  // What was woken was seen long ago: late is what counts.
  const since = applied.wokenFor ?? applied.seenAt;
  return `${result}${reason}${until}, ${Math.max(0, Math.round(applied.appliedAt - since))} ms`;
}

/** `Lists/tamis (new), copy to Archive, +\Flagged`. */
export function planText(plan: Plan, say: Say): string {
  const { destination } = plan;
  const parts = [
    destination.kind === "folder"
      ? targetText(destination, say)
      : say(destination.kind === "stay" ? "plan.stay" : "plan.discard"),
  ];
  for (const copy of plan.copies) parts.push(say("plan.copy", { folder: targetText(copy, say) }));
  if (destination.kind !== "discard") {
    for (const flag of destination.addFlags) parts.push(`+${flag}`);
    for (const flag of destination.removeFlags) parts.push(`-${flag}`);
  }
  return parts.join(", ");
}

/** A folder; of snoozed mail also until when, and what is done with it then. */
function targetText({ mailbox, wake }: Target, say: Say): string {
  if (wake === undefined) return mailbox;
  const flags = [...wake.addFlags.map((flag) => ` +${flag}`), ...wake.removeFlags.map((flag) => ` -${flag}`)].join("");
  return say("plan.snoozed", { until: formatTime(wake.until), folder: `${wake.mailbox}${flags}` });
}
