/** What a script may use. Every limit ends in a diagnostic (compile) or in a keep with an error (run), never in a crash. */
export interface Limits {
  readonly scriptBytes: number;
  readonly nesting: number;
  readonly diagnostics: number;
  readonly actions: number;
  readonly redirects: number;
  readonly steps: number;
  readonly variables: number;
  readonly variableName: number;
  readonly variableLength: number;
  readonly matchVariables: number;
  readonly flags: number;
  readonly edits: number;
  readonly regexStates: number;
  readonly regexStatesInAll: number;
  readonly loops: number;
  readonly includes: number;
  readonly includeDepth: number;
  readonly includedBytes: number;
  readonly notifications: number;
  readonly vacationMinSeconds: number;
  readonly vacationDefaultSeconds: number;
  readonly vacationMaxSeconds: number;
  readonly duplicateDefaultSeconds: number;
  readonly duplicateMaxSeconds: number;
  readonly headerValue: number;
}

interface LimitRow {
  readonly value: number;
  readonly unit: string;
  readonly reason: string;
}

/** One row per limit: its default, its unit, its reason. */
export const limitTable: { readonly [K in keyof Limits]: LimitRow } = {
  scriptBytes: {
    value: 262_144,
    unit: "octets of UTF-8",
    reason: "a thousand rules fit; a script lives in a KV record and is compiled while a mail waits",
  },
  nesting: {
    value: 32,
    unit: "levels of blocks and tests",
    reason: "RFC 5228 §2.10.7 asks for 15 at least; the parser recurses, so its stack must be bounded",
  },
  diagnostics: {
    value: 50,
    unit: "errors and warnings",
    reason: "nobody reads more; garbage would otherwise yield one per token",
  },
  actions: {
    value: 32,
    unit: "actions of one run",
    reason: "RFC 5228 §2.10.4 lets a site bound them; each one is IMAP work",
  },
  redirects: {
    value: 4,
    unit: "redirects of one run",
    reason: "RFC 5228 §10: a script must not be a mail bomb",
  },
  steps: {
    value: 1_000_000,
    unit: "commands, tests and comparisons, a comparison of long text counting by its length",
    reason: "RFC 5228 §2.10.7: one owner's script must not stop everybody's mail; about a second of work",
  },
  variables: {
    value: 255,
    unit: "variables of one script",
    reason: "RFC 5229 §6 asks for 128 at least",
  },
  variableName: {
    value: 64,
    unit: "characters",
    reason: "RFC 5229 §6 asks for 32 at least",
  },
  variableLength: {
    value: 4096,
    unit: "characters",
    reason: "RFC 5229 §6 asks for 4000 at least; longer values are cut",
  },
  matchVariables: {
    value: 33,
    unit: "match variables, the whole match counted",
    reason: "RFC 5229 §3.2 asks for ten at least; as many as Dovecot has",
  },
  flags: {
    value: 128,
    unit: "flags of one mail",
    reason: "IMAP servers bound keywords per mailbox; more are left out",
  },
  edits: {
    value: 64,
    unit: "changes to one mail",
    reason: "each one before the next look at the mail costs a copy of it",
  },
  regexStates: {
    value: 5000,
    unit: "states of one regular expression",
    reason: "counted repetitions multiply; a character of text may cost a visit to each state",
  },
  regexStatesInAll: {
    value: 50_000,
    unit: "states of all regular expressions of one script",
    reason: "each state is memory that a script holds while it is in use; a thousand usual expressions take 30,000",
  },
  loops: {
    value: 4,
    unit: "foreverypart loops inside each other",
    reason: "RFC 5703 §3 asks for 2 at least; each one multiplies the work by the number of parts",
  },
  includes: {
    value: 255,
    unit: "include commands of one script and those it includes",
    reason: "RFC 6609 §3.2 lets a site bound them; each one is work at every mail",
  },
  includeDepth: {
    value: 10,
    unit: "scripts one inside the other",
    reason: "RFC 6609 §3.2 lets a site bound nesting; the plan recurses",
  },
  includedBytes: {
    value: 1_048_576,
    unit: "characters of all included scripts",
    reason: "they are compiled while a mail waits",
  },
  notifications: {
    value: 10,
    unit: "notifications of one run",
    reason: "RFC 5435 §8 asks not to flood the person who is notified",
  },
  vacationMinSeconds: {
    value: 3600,
    unit: "seconds between two replies to one sender",
    reason: "RFC 5230 §4.1 and RFC 6131 §2 let a site set it; bounds what two answering machines do to each other",
  },
  vacationDefaultSeconds: {
    value: 604_800,
    unit: "seconds",
    reason: "RFC 5230 §4.1: seven days where the script gives no period",
  },
  vacationMaxSeconds: {
    value: 5_184_000,
    unit: "seconds",
    reason: "RFC 5230 §4.1 asks for 30 days at least; senders are remembered for so long",
  },
  duplicateDefaultSeconds: {
    value: 43_200,
    unit: "seconds",
    reason: "RFC 7352 §3.3: the same mail over two ways comes within hours",
  },
  duplicateMaxSeconds: {
    value: 172_800,
    unit: "seconds",
    reason: "RFC 7352 §3.3 lets a site bound it: each mail seen is remembered for so long",
  },
  headerValue: {
    value: 2048,
    unit: "octets of a header field that a script adds",
    reason: "RFC 5293 §6 lets a site bound it; relays refuse long fields",
  },
};

const defaults: Limits = {
  scriptBytes: limitTable.scriptBytes.value,
  nesting: limitTable.nesting.value,
  diagnostics: limitTable.diagnostics.value,
  actions: limitTable.actions.value,
  redirects: limitTable.redirects.value,
  steps: limitTable.steps.value,
  variables: limitTable.variables.value,
  variableName: limitTable.variableName.value,
  variableLength: limitTable.variableLength.value,
  matchVariables: limitTable.matchVariables.value,
  flags: limitTable.flags.value,
  edits: limitTable.edits.value,
  regexStates: limitTable.regexStates.value,
  regexStatesInAll: limitTable.regexStatesInAll.value,
  loops: limitTable.loops.value,
  includes: limitTable.includes.value,
  includeDepth: limitTable.includeDepth.value,
  includedBytes: limitTable.includedBytes.value,
  notifications: limitTable.notifications.value,
  vacationMinSeconds: limitTable.vacationMinSeconds.value,
  vacationDefaultSeconds: limitTable.vacationDefaultSeconds.value,
  vacationMaxSeconds: limitTable.vacationMaxSeconds.value,
  duplicateDefaultSeconds: limitTable.duplicateDefaultSeconds.value,
  duplicateMaxSeconds: limitTable.duplicateMaxSeconds.value,
  headerValue: limitTable.headerValue.value,
};

/** The defaults of {@link limitTable} with some replaced. */
export function withLimits(changes: Partial<Limits> = {}): Limits {
  // Once per mail, and hardly anybody changes one.
  return Object.keys(changes).length === 0 ? defaults : { ...defaults, ...changes };
}
