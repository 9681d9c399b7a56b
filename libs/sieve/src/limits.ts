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
    value: 32,
    unit: "match variables",
    reason: "RFC 5229 §3.2 asks for ten at least",
  },
  flags: {
    value: 128,
    unit: "flags of one mail",
    reason: "IMAP servers bound keywords per mailbox; more are left out",
  },
};

/** The defaults of {@link limitTable} with some replaced. */
export function withLimits(changes: Partial<Limits> = {}): Limits {
  return {
    scriptBytes: changes.scriptBytes ?? limitTable.scriptBytes.value,
    nesting: changes.nesting ?? limitTable.nesting.value,
    diagnostics: changes.diagnostics ?? limitTable.diagnostics.value,
    actions: changes.actions ?? limitTable.actions.value,
    redirects: changes.redirects ?? limitTable.redirects.value,
    steps: changes.steps ?? limitTable.steps.value,
    variables: changes.variables ?? limitTable.variables.value,
    variableName: changes.variableName ?? limitTable.variableName.value,
    variableLength: changes.variableLength ?? limitTable.variableLength.value,
    matchVariables: changes.matchVariables ?? limitTable.matchVariables.value,
    flags: changes.flags ?? limitTable.flags.value,
  };
}
