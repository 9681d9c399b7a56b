import type { Action, ProcessCalendar } from "./actions.ts";
import type { DiagnosticParameters } from "./diagnostic.ts";

/** What only the outside knows about a mail. A missing fact that a test depends on makes `run` answer `need`. */
export interface Facts {
  /** Epoch milliseconds of the run; the same value must be given again after a `need`. */
  readonly now: number;
  /** IANA zone of the owner, for `date` and `currentdate` without `:zone`. */
  readonly timeZone: string;
  readonly envelope: EnvelopeFacts;
  readonly mailboxExists?: ReadonlyMap<string, boolean>;
  /** IMAP flags that the mail has now. */
  readonly flags?: readonly string[];
  /** Items of RFC 5183, lower-case names; `name`, `location` and `phase` have defaults. */
  readonly environment?: ReadonlyMap<string, string>;
  /** How surely the mail is spam, from 0 to 1 (RFC 5235 §2.2); absent: nobody looked. */
  readonly spam?: number | undefined;
  /** From 1, no virus, to 5, certainly one (RFC 5235 §2.3); absent: nobody looked. */
  readonly virus?: number | undefined;
  /** What is known of external lists (RFC 6134), by `listName`; null: there is no such list. */
  readonly lists?: ReadonlyMap<string, ListFacts | null>;
  /** The lists that there are, to tell where a script names another one. */
  readonly listNames?: readonly string[];
  /** What programs answered to `filter` and `execute`, by the key of the need. */
  readonly programs?: ReadonlyMap<string, ProgramResult>;
  /** Whose mail it is; without it `envelope.to` is the only address known to be the owner's. */
  readonly owner?: OwnerFacts;
  /** How this installation answers (RFC 5230). */
  readonly vacation?: VacationFacts;
  /** By the key of a need: whether the mail's double was seen within its time (RFC 7352 §3). */
  readonly duplicates?: ReadonlyMap<string, boolean>;
  /** By attribute in lower case, e.g. "\\junk": the owner's mailboxes that have it (RFC 8579). */
  readonly specialUse?: ReadonlyMap<string, readonly string[]>;
  /** By the id asked for: the name of the mailbox, null when there is none (RFC 9042). */
  readonly mailboxIds?: ReadonlyMap<string, string | null>;
  /** By the key of a need: the value of an annotation, null when it has none (RFC 5490 §3.3). */
  readonly metadata?: ReadonlyMap<string, string | null>;
  /** Lower-case names of header fields that a script may not add or delete (RFC 5293 §6), beside those that none may. */
  readonly protectedFields?: { readonly add?: ReadonlySet<string>; readonly delete?: ReadonlySet<string> };
  /** The mail is run on because of what somebody did over IMAP, not because it came (RFC 6785). */
  readonly imapEvent?: ImapEventFacts;
  /** By the key of a need: what came of processing the mail's calendar objects (RFC 9671). */
  readonly calendar?: ReadonlyMap<string, CalendarOutcome>;
  /** What separates user and detail in a local part (RFC 5233); default "+". */
  readonly addressSeparator?: string;
}

/** Trusted envelope parts. Absent: unknown, tests on it are false. `from: null` or "" is the null reverse-path. */
export interface EnvelopeFacts extends EnvelopeExtras {
  readonly from?: string | null;
  readonly to?: string;
  /** The recipient before aliases and the like were resolved; another address of the owner (RFC 5230 §4.5). */
  readonly originalTo?: string;
  readonly auth?: string;
}

/** Of the values asked about, which are in the list. */
export type ListFacts = ReadonlyMap<string, boolean>;

/** What SMTP said beyond addresses (RFC 3461, RFC 2852); all absent where nobody knows. */
export interface EnvelopeExtras {
  /** Conditions of RCPT TO … NOTIFY, e.g. "SUCCESS". */
  readonly notify?: readonly string[];
  /** RCPT TO … ORCPT, decoded, with its type: "rfc822;a@example.org". */
  readonly orcpt?: string;
  readonly ret?: "FULL" | "HDRS";
  /** Decoded. */
  readonly envid?: string;
  readonly deliverBy?: { readonly secondsLeft: number; readonly mode: "notify" | "return"; readonly trace: boolean };
}

/** How a program ended, and what it wrote. */
export interface ProgramResult {
  /** It ran and its exit status was 0. */
  readonly ok: boolean;
  readonly output?: Uint8Array;
  /** There is no program of that name: an error, except in a test. */
  readonly missing?: true;
}

/** The owner of the mail and of the script. */
export interface OwnerFacts {
  /** Every address that mail reaches the owner by; the first one is what answers come from. */
  readonly addresses: readonly string[];
  readonly name?: string;
}

/** Settings of an installation; each has the default that RFC 5230 asks for. */
export interface VacationFacts {
  /** The subject of replies to mail without one; default "Automated reply". */
  readonly subject?: string;
  /** The subject of other replies, `{subject}` standing for that of the mail; default "Auto: {subject}". */
  readonly subjectTemplate?: string;
  /** Answer also where no address of the owner is among the recipients; default false. */
  readonly unaddressed?: boolean;
  /** The To field of the reply is the first Sender, Resent-From or From of the mail, whatever the envelope says; default false. */
  readonly toFromHeader?: boolean;
}

/** What started a script over IMAP (RFC 6785 §4). */
export interface ImapEventFacts {
  readonly cause: "APPEND" | "COPY" | "FLAG";
  readonly mailbox: string;
  readonly user?: string;
  readonly email?: string;
  /** Flags whose state changed, for the cause FLAG. */
  readonly changedFlags?: readonly string[];
}

/** RFC 9671 §4: "no_action", "added", "updated" or "error", and why. */
export interface CalendarOutcome {
  readonly outcome: string;
  readonly reason: string;
}

/** A fact that the run lacks. */
export type Need =
  | { readonly kind: "mailbox-exists"; readonly name: string }
  | { readonly kind: "whole-message" }
  /** Was a mail of this key marked within its time, by another mail than this? */
  | { readonly kind: "duplicate"; readonly key: string }
  /** All mailboxes with special-use attributes. */
  | { readonly kind: "special-use" }
  | { readonly kind: "mailbox-id"; readonly id: string }
  /** An annotation of a mailbox, or of the server where that is null. */
  | { readonly kind: "metadata"; readonly key: string; readonly mailbox: string | null; readonly entry: string }
  /** What `action` leads to; the script goes on from that. */
  | { readonly kind: "calendar"; readonly key: string; readonly action: ProcessCalendar }
  /** Whether there is such a list, and which of the values are in it. */
  | { readonly kind: "list"; readonly name: string; readonly values: readonly string[] }
  | NeedOfProgram;

/** A program that must run once for this mail; its result is the fact `programs` by this key. */
export interface NeedOfProgram {
  readonly kind: "program";
  /** Stands for program, arguments and input. */
  readonly key: string;
  readonly command: "filter" | "execute";
  readonly program: string;
  readonly arguments: readonly string[];
  /** It is a test: what it means that the program fails is for the script to say. */
  readonly isTest?: true;
  /** What it reads from its standard input; null for nothing. */
  readonly input: Uint8Array | null;
}

/** Why a run failed; `translate` tells it in the other language. */
export interface RuntimeError {
  readonly code: string;
  readonly message: string;
  readonly parameters: DiagnosticParameters;
  readonly rule: string;
  /** 0 when no command is to blame. */
  readonly line: number;
}

/** One test that was true, with what it saw; values are cut at 120 characters. */
export interface TestMatch {
  /** The test's name, with "not " before it when its opposite held. */
  readonly test: string;
  readonly line: number;
  /** Header field, envelope part, variable or item looked at. */
  readonly field?: string;
  readonly key?: string;
  readonly value?: string;
}

/** One step of "which rule did this?". */
export type TraceStep =
  | { readonly kind: "branch"; readonly rule: string; readonly line: number; readonly matches: readonly TestMatch[] }
  | {
      readonly kind: "action";
      readonly rule: string;
      readonly line: number;
      /** The kind of the action, or the command where it only changes the mail. */
      readonly action: string;
      /** Mailbox or address. */
      readonly target?: string;
    }
  | { readonly kind: "stop"; readonly rule: string; readonly line: number };

/** The end of a run: facts are missing, or the decision with the way to it. After an error the only action is a keep (RFC 5228 §2.10.6). */
export type Outcome =
  | { readonly kind: "need"; readonly needs: readonly Need[] }
  | {
      readonly kind: "done";
      readonly actions: readonly Action[];
      readonly trace: readonly TraceStep[];
      readonly error?: RuntimeError;
      /** What `debug_log` said. */
      readonly debug?: readonly DebugMessage[];
    };

/** One message of `debug_log`. */
export interface DebugMessage {
  readonly rule: string;
  readonly line: number;
  readonly message: string;
}
