import { type Message, readMessage } from "@tamis/message";
import type { Action } from "../actions.ts";
import type { Signal } from "../execute.ts";
import { withLimits } from "../limits.ts";
import { applyEdits, type MessageEdit, PartNotEditable } from "../message-edits.ts";
import type { Program, ScriptName } from "../program.ts";
import type { Registry } from "../registry.ts";
import type { RunState } from "../run-state.ts";
import type { SuiteEnvironment } from "./environment.ts";
import { ErrorLog } from "./error-log.ts";
import { MailStore } from "./mail-store.ts";
import { SuiteSettings } from "./settings.ts";
import { TestFailed } from "./suite-ends.ts";
import { SuiteFacts } from "./suite-facts.ts";
import { envelopeOf, pathOf, type SuiteEnvelope, startMessage } from "./suite-message.ts";
import { SuitePrograms } from "./suite-programs.ts";

/** Test files are larger than scripts, and make many runs. */
export const suiteLimits = {
  scriptBytes: 4_194_304,
  steps: 1_000_000_000,
  variables: 4096,
  nesting: 64,
  diagnostics: 200,
};

/** Where a test file keeps the scripts that others include. */
const includeFolders: { readonly [L in ScriptName["location"]]: string } = {
  personal: "included",
  global: "included-global",
};

/** One mail that left: one per recipient. */
export interface OutgoingMail {
  readonly from: string | null;
  readonly to: string;
  readonly raw: Uint8Array;
}

/** How one test block ended. */
export interface BlockReport {
  readonly number: number;
  readonly name: string;
  readonly line: number;
  /** Why it failed; null when it passed. */
  readonly failure: string | null;
}

/** All that the blocks of one test file share. */
export class SuiteSession {
  readonly environment: SuiteEnvironment;
  readonly registry: Registry;
  readonly settings = new SuiteSettings();
  readonly store = new MailStore();
  readonly errors = new ErrorLog();
  readonly binaries = new Map<string, string>();
  readonly programs = new SuitePrograms(this);
  /** What was marked as seen, with the time in epoch milliseconds at which that ends. */
  readonly marks = new Map<string, number>();
  readonly blocks: BlockReport[] = [];
  outbox: OutgoingMail[] = [];
  envelope: SuiteEnvelope;
  /** The current message without what scripts changed of it. */
  original: Message;
  /** IMAP flags of the current message. */
  flags: readonly string[] = [];
  compiled: Program | null = null;
  /** The implicit keep is carried out already. */
  kept = false;
  /** Something failed that is no error, but leaves the mail where it is. */
  keeps = false;
  /** The implicit keep as the last script left it. */
  keep: Action | null = null;
  readonly facts: SuiteFacts;
  /** Those of the test file itself; the settings change them while it runs. */
  readonly limits = { ...withLimits(suiteLimits) };
  /** The test block that is open. */
  open: { readonly number: number; readonly name: string; readonly line: number } | null = null;

  constructor(environment: SuiteEnvironment, registryFor: (session: SuiteSession) => Registry) {
    this.environment = environment;
    this.original = startMessage();
    this.envelope = envelopeOf(this.original);
    this.registry = registryFor(this);
    this.facts = new SuiteFacts(this);
  }

  /** Runs a test block; `stop` in it ends the file, the block then counts for nothing. */
  block(name: string, line: number, run: () => Signal): Signal {
    // A script that a test runs may have blocks of its own: they do not count.
    if (this.open !== null) return run();
    const open = { number: this.blocks.length + 1, name, line };
    this.open = open;
    let failure: string | null = null;
    try {
      if (run() === "stop") return this.#stopped();
    } catch (cause) {
      if (!(cause instanceof TestFailed)) throw cause;
      failure = cause.message;
    }
    this.open = null;
    this.blocks.push({ ...open, failure });
    return "next";
  }

  #stopped(): Signal {
    this.open = null;
    return "stop";
  }

  /** The members of an external list, in lower case: the lines of the files that its settings name; null without any. */
  listMembers(name: string): ReadonlySet<string> | null {
    const settings = [...this.settings.under("sieve_extlists_list/")].filter(
      ([key]) => key === name || key.startsWith(`${name}/`),
    );
    if (settings.length === 0) return null;
    const lines = settings.flatMap(
      ([, value]) => this.environment.readText(value.replace(/^file:/, ""))?.split(/\r?\n/) ?? [],
    );
    // A line is a member, or the key of a dictionary whose last component is one.
    const members = lines.map((line) =>
      line
        .trim()
        .replace(/^(?:priv|shared)\/(?:.*\/)?/, "")
        .toLowerCase(),
    );
    return new Set(members.filter((member) => member !== ""));
  }

  /** The current message as a script changed it; as it is where the changes speak of another message. */
  edited(edits: readonly MessageEdit[] = []): Uint8Array {
    try {
      return applyEdits(this.original, edits, this.programs).raw;
    } catch (cause) {
      if (cause instanceof PartNotEditable) return this.original.raw;
      throw cause;
    }
  }

  reloadSettings(state: RunState): void {
    this.settings.reload();
    // What was read of the message may have depended on them.
    const { edits } = state;
    this.dropEdits(state);
    if (edits.length > 0) state.edit(...edits);
    Object.assign(this.limits, withLimits({ ...this.settings.limits(), ...suiteLimits }));
  }

  /** The text of a script that one of this file includes. */
  includedText({ location, name }: ScriptName): string | null {
    if (name.includes("/") || name.startsWith(".")) return null;
    return this.environment.readText(`${includeFolders[location]}/${name}.sieve`);
  }

  /** Makes a message current; the envelope is made from it, what scripts changed is gone. */
  setMessage(message: Message, state: RunState, flags: readonly string[] = []): void {
    this.original = message;
    this.flags = flags;
    this.envelope = envelopeOf(message);
    this.programs.clear();
    this.dropEdits(state);
  }

  /** Changes one part of the envelope; what is no address is an error, and the part is empty then. */
  setEnvelope(part: string, value: string, state: RunState): void {
    this.dropEdits(state);
    if (part === "auth") {
      this.envelope = { ...this.envelope, auth: value };
      return;
    }
    const path = pathOf(value);
    if (path === null) this.errors.add(`envelope.${part}: “${value}” is not a path`);
    const address = path === null || path === "" ? null : path;
    if (part === "from") this.envelope = { ...this.envelope, from: address };
    else if (part === "to") this.envelope = { ...this.envelope, to: address, originalTo: address };
    else this.envelope = { ...this.envelope, originalTo: address };
  }

  dropEdits(state: RunState): void {
    state.read(this.original);
  }

  /** Forgets the result, and what scripts changed of the message. */
  resetResult(state: RunState): void {
    state.actions.length = 0;
    state.keeps = true;
    state.redirects = 0;
    state.notifications = 0;
    state.executed = 0;
    this.kept = false;
    this.keep = null;
    this.keeps = false;
    this.programs.clear();
    this.dropEdits(state);
  }

  /** Makes an outgoing mail current, with its envelope. */
  openOutgoing(index: number, state: RunState): boolean {
    const mail = this.outbox[index];
    if (mail === undefined) return false;
    this.setMessage(readMessage(mail.raw), state);
    this.envelope = { ...this.envelope, from: mail.from, to: mail.to, originalTo: mail.to };
    return true;
  }

  /** Makes a stored mail current; without the mailbox the start message becomes it. */
  openStored(mailbox: string, index: number, state: RunState): boolean {
    const mail = this.store.mail(mailbox, index);
    if (mail !== null) {
      this.setMessage(readMessage(mail.raw), state, mail.flags);
      // The internal variable begins anew with what the mail has.
      state.flags = null;
      return true;
    }
    if (!this.store.has(mailbox)) {
      this.errors.add(`there is no mailbox “${mailbox}”`);
      this.setMessage(startMessage(), state);
    }
    return false;
  }
}
