import type { Action } from "./actions.ts";
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
  /** What programs answered to `filter` and `execute`, by the key of the need. */
  readonly programs?: ReadonlyMap<string, ProgramResult>;
  /** What separates user and detail in a local part (RFC 5233); default "+". */
  readonly addressSeparator?: string;
}

/** Trusted envelope parts. Absent: unknown, tests on it are false. `from: null` or "" is the null reverse-path. */
export interface EnvelopeFacts {
  readonly from?: string | null;
  readonly to?: string;
  readonly auth?: string;
}

/** How a program ended, and what it wrote. */
export interface ProgramResult {
  /** It ran and its exit status was 0. */
  readonly ok: boolean;
  readonly output?: Uint8Array;
}

/** A fact that the run lacks. */
export type Need =
  | { readonly kind: "mailbox-exists"; readonly name: string }
  | { readonly kind: "whole-message" }
  | NeedOfProgram;

/** A program that must run once for this mail; its result is the fact `programs` by this key. */
export interface NeedOfProgram {
  readonly kind: "program";
  /** Stands for program, arguments and input. */
  readonly key: string;
  readonly command: "filter" | "execute";
  readonly program: string;
  readonly arguments: readonly string[];
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
      readonly action: Action["kind"];
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
    };
