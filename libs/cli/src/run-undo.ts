import type { StoredFact } from "@tamis/bus";
import { type AppliedMail, type MailDecided, type MovedMail, mailApplied, mailDecided } from "@tamis/contracts";
import { parseJson } from "./json.ts";
import { changesFlags } from "./preview-report.ts";

type DecidedMail = MailDecided["mails"][number];

/** A mail that a run changed and that can go back. */
export interface Undoable {
  /** Where the run left it. */
  readonly folder: string;
  readonly mail: MovedMail;
}

/** What there is to take back of one run. */
export interface RunUndo {
  readonly undoable: readonly Undoable[];
  /** Moved, and the server did not tell under which name (RFC 4315 COPYUID). */
  readonly nameless: readonly AppliedMail[];
}

/** Reads the facts of one account in their order; the answer is what a run did and nobody has taken back. */
export class RunFacts {
  readonly #run: { readonly accountId: string; readonly runId: string };
  readonly #decided = new Map<string, DecidedMail>();
  readonly #applied = new Map<string, AppliedMail>();
  readonly #takenBack = new Set<string>();

  constructor(run: { readonly accountId: string; readonly runId: string }) {
    this.#run = run;
  }

  /** Facts of other kinds, of others, or that cannot be read, change nothing. */
  add({ subject, payload }: Pick<StoredFact, "subject" | "payload">): void {
    const name = subject.split(".")[2];
    const { accountId, runId } = this.#run;
    if (name === mailDecided.name) {
      const { data } = mailDecided.schema.safeParse(parseJson(payload));
      if (data?.accountId === accountId && data.sortId === runId)
        for (const mail of data.mails) this.#decided.set(mail.mailId, mail);
    } else if (name === mailApplied.name) {
      const { data } = mailApplied.schema.safeParse(parseJson(payload));
      if (data?.accountId !== accountId || data.sortId !== runId) return;
      for (const mail of data.mails) this.#note(mail, data.undoOf !== undefined);
    }
  }

  #note(mail: AppliedMail, isUndo: boolean): void {
    if (isUndo && (mail.result === "moved" || mail.result === "kept")) this.#takenBack.add(mail.mailId);
    // A command carried out twice tells its second look too: what was done stands.
    const isDone = /^(moved|discarded)$/.test(this.#applied.get(mail.mailId)?.result ?? "");
    if (!isUndo && !isDone) this.#applied.set(mail.mailId, mail);
  }

  undo(): RunUndo {
    const undoable: Undoable[] = [];
    const nameless: AppliedMail[] = [];
    for (const applied of this.#applied.values()) {
      const { result, newMailId, mailId, from = "INBOX", folder } = applied;
      const decided = this.#decided.get(mailId);
      if (decided === undefined) continue;
      const { fingerprint = "" } = decided;
      const { destination } = decided.plan;
      const flags = destination.kind === "discard" ? NO_FLAGS : backwards(destination);
      if (result === "kept" && changesFlags(flags)) {
        undoable.push({ folder: from, mail: { mailId, fingerprint, to: from, ...flags } });
      } else if (result === "moved" || result === "discarded") {
        if (newMailId === undefined) nameless.push(applied);
        else undoable.push({ folder, mail: { mailId: newMailId, fingerprint, to: from, ...flags } });
      }
    }
    return { undoable: undoable.filter(({ mail }) => !this.#takenBack.has(mail.mailId)), nameless };
  }
}

const NO_FLAGS = { addFlags: [], removeFlags: [] } as const;

/** A plan names only flags that it changes: what it adds was not there. */
function backwards(change: { readonly addFlags: readonly string[]; readonly removeFlags: readonly string[] }) {
  return { addFlags: change.removeFlags, removeFlags: change.addFlags };
}
