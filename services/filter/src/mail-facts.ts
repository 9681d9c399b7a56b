import type { BatchedMail, BatchHead } from "@tamis/contracts";
import { type Message, readMessage } from "@tamis/message";
import type { EnvelopeFacts, Facts, ImapEventFacts, Need, Program, ProgramOutputs, ProgramResult } from "@tamis/sieve";
import { type EnvelopeSettings, envelopeOf } from "./envelope.ts";
import { imapEventOf } from "./imap-event.ts";
import type { MailLists } from "./mail-lists.ts";
import type { MailPrograms } from "./mail-programs.ts";
import type { MemorySession } from "./memory.ts";
import type { MailboxAsker } from "./needs.ts";
import type { TextName } from "./texts.ts";
import type { VerdictFacts } from "./verdict.ts";

const NOTHING = new Uint8Array();

/** What was learnt about an account while a batch of its mail is decided on. */
export interface AccountFacts {
  readonly mailboxExists: Map<string, boolean>;
  specialUse: ReadonlyMap<string, readonly string[]> | null;
  readonly mailboxIds: Map<string, string | null>;
  readonly metadata: Map<string, string | null>;
}

/** Nothing is known yet. */
export const noFacts = (): AccountFacts => ({
  mailboxExists: new Map(),
  specialUse: null,
  mailboxIds: new Map(),
  metadata: new Map(),
});

export interface FactSettings {
  readonly timeZone: string;
  readonly addressSeparator: string;
  readonly envelope: EnvelopeSettings;
}

export interface FactSources {
  readonly head: BatchHead;
  /** Epoch ms of the run. */
  readonly now: number;
  readonly account: AccountFacts;
  readonly memory: MemorySession;
  readonly asker: MailboxAsker;
  readonly programs: MailPrograms;
  readonly lists: MailLists;
  readonly settings: FactSettings;
  readonly verdictOf: (message: Message) => VerdictFacts;
}

/** What `mailbox` gave of the whole mail. */
export type WholeMessage = "fetched" | "gone" | "too-large";

/** Everything that scripts may ask about one mail. */
export class MailFacts {
  readonly #mail: BatchedMail;
  readonly #sources: FactSources;
  readonly #duplicates = new Map<string, boolean>();
  readonly #results = new Map<string, ProgramResult>();
  readonly #event: ImapEventFacts | undefined;
  /** Of these, what the script that runs was told: keys speak of its own changes to the mail. */
  #told = new Map<string, ProgramResult>();
  #message: Message;
  #envelope: EnvelopeFacts | null = null;
  #verdict: VerdictFacts | null = null;
  #isWhole: boolean;

  constructor(mail: BatchedMail, sources: FactSources) {
    this.#mail = mail;
    this.#sources = sources;
    this.#event = imapEventOf(sources.head, mail.meta);
    // QUIRK: Exchange's RFC822.SIZE is an estimate, too small at times: bytes that are more may have been cut all the same.
    const { size, omission } = mail.meta;
    this.#isWhole = mail.raw.length === size && omission === undefined;
    const known = { size, complete: this.#isWhole };
    this.#message = readMessage(mail.raw, omission === undefined ? known : { ...known, omission });
  }

  /** The mail as it came; cut, as long as nobody needed the rest. */
  get message(): Message {
    return this.#message;
  }

  get envelope(): EnvelopeFacts {
    const { address } = this.#sources.head;
    // RFC 6785 §3.4: what leaves because of an event is sent by the owner.
    this.#envelope ??=
      this.#event === undefined
        ? envelopeOf(this.#message, address, this.#sources.settings.envelope)
        : { from: address, to: address };
    return this.#envelope;
  }

  get verdict(): VerdictFacts {
    this.#verdict ??= this.#sources.verdictOf(this.#message);
    return this.#verdict;
  }

  /** What programs made of the mail and of texts, by the keys of their needs. */
  get outputs(): ProgramOutputs {
    return this.#results;
  }

  /** Another script goes on with the mail as those before it changed it: what programs said of it is not true of this one. */
  beginScript(): void {
    this.#told = new Map();
  }

  /** What is known now; `flags` where a script gave the mail others than it has. */
  of(program: Program, flags: readonly string[] | undefined): Facts {
    const { head, now, account, settings } = this.#sources;
    const { uses } = program;
    return {
      now,
      timeZone: settings.timeZone,
      addressSeparator: settings.addressSeparator,
      envelope: uses.envelope.length > 0 || uses.dynamic ? this.envelope : { to: head.address },
      owner: { addresses: [head.address] },
      mailboxExists: account.mailboxExists,
      mailboxIds: account.mailboxIds,
      metadata: account.metadata,
      lists: this.#sources.lists.facts,
      listNames: this.#sources.lists.names,
      programs: this.#told,
      duplicates: this.#duplicates,
      flags: flags ?? this.#mail.meta.flags,
      ...(this.#event === undefined ? {} : { imapEvent: this.#event }),
      ...(account.specialUse === null ? {} : { specialUse: account.specialUse }),
      ...(uses.verdicts ? this.verdict : {}),
    };
  }

  /** Fetches what a run lacks; else why it cannot be had. Throws `RetryLater` while nobody can be asked. */
  async fetch(needs: readonly Need[]): Promise<"fetched" | "gone" | TextName> {
    const { account, asker, head } = this.#sources;
    if (needs.some(({ kind }) => kind === "calendar")) return "fact-unavailable";
    const unrun = await this.#runPrograms(needs);
    if (unrun !== null) return unrun;
    const unusable = await this.#sources.lists.fetch(needs);
    if (unusable !== null) return unusable;
    const names = needs.flatMap((need) => (need.kind === "mailbox-exists" ? [need.name] : []));
    if (names.length > 0) copy(await asker.mailboxesExist(head.accountId, names), account.mailboxExists);
    const ids = needs.flatMap((need) => (need.kind === "mailbox-id" ? [need.id] : []));
    if (ids.length > 0) copy(await asker.mailboxIds(head.accountId, ids), account.mailboxIds);
    if (needs.some(({ kind }) => kind === "special-use")) await this.junkAndOthers();
    await this.#fetchMetadata(needs);
    await this.#remember(needs);
    if (!needs.some(({ kind }) => kind === "whole-message")) return "fetched";
    const whole = await this.fetchWhole();
    return whole === "too-large" ? "mail-too-large" : whole;
  }

  /** The account's folders by what they are for (RFC 6154), asked for once in a batch. */
  async junkAndOthers(): Promise<ReadonlyMap<string, readonly string[]>> {
    const { account, asker, head } = this.#sources;
    account.specialUse ??= await asker.specialUse(head.accountId);
    return account.specialUse;
  }

  /** Makes {@link message} the whole mail: its octets to the end, whatever RFC822.SIZE says. */
  async fetchWhole(): Promise<WholeMessage> {
    if (this.#isWhole) return "fetched";
    const { asker, head } = this.#sources;
    const { uid, omission } = this.#mail.meta;
    const whole = await asker.wholeMail(head, uid, omission === undefined ? this.#mail.raw : NOTHING);
    if (whole.kind !== "whole") return whole.kind;
    this.#message = readMessage(whole.raw, { size: this.#mail.meta.size, complete: true });
    this.#isWhole = true;
    return "fetched";
  }

  /** Why a program that is needed is not run; null where all were. */
  async #runPrograms(needs: readonly Need[]): Promise<TextName | null> {
    const { programs } = this.#sources;
    for (const need of needs) {
      if (need.kind !== "program") continue;
      if (programs.whyNot !== null) return programs.whyNot;
      const result = await programs.factOf(need);
      this.#results.set(need.key, result);
      this.#told.set(need.key, result);
    }
    return null;
  }

  async #fetchMetadata(needs: readonly Need[]): Promise<void> {
    const { account, asker, head } = this.#sources;
    const wanted = needs.filter((need) => need.kind === "metadata");
    if (wanted.length === 0) return;
    const entries = wanted.map(({ mailbox, entry }) => ({ mailbox, entry }));
    const values = await asker.metadata(head.accountId, entries);
    wanted.forEach(({ key }, index) => {
      account.metadata.set(key, values[index] ?? null);
    });
  }

  /** Doubles, from the memory. */
  async #remember(needs: readonly Need[]): Promise<void> {
    const { memory } = this.#sources;
    for (const need of needs) {
      if (need.kind !== "duplicate") continue;
      const seen = await memory.knows({ kind: "duplicate", key: need.key, mail: this.#mail.meta.fingerprint });
      this.#duplicates.set(need.key, seen);
    }
  }
}

function copy<V>(from: ReadonlyMap<string, V>, to: Map<string, V>): void {
  for (const [key, value] of from) to.set(key, value);
}
