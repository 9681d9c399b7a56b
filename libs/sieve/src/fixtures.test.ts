import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { decisionText, plainFacts, programOf } from "../test/decide.ts";
import { compile } from "./compile.ts";
import { renderDiagnostic } from "./diagnostic.ts";
import type { EnvelopeExtras, ImapEventFacts, ListFacts } from "./facts.ts";
import type { ScriptSource } from "./inclusion.ts";
import { run } from "./interpreter.ts";

const folder = (name: string): URL => new URL(`../test/${name}/`, import.meta.url);
const scripts = (name: string): readonly string[] =>
  readdirSync(folder(name)).filter((file) => file.endsWith(".sieve"));

/** `UPDATE_GOLDENS=1` writes what is said now: read the difference before it is committed. */
const updates = process.env["UPDATE_GOLDENS"] === "1";

/** Everything that is said about a script, in both languages. */
function said(text: string, file: string): string {
  const compiled = compile(text);
  const diagnostics = compiled.ok ? compiled.warnings : compiled.diagnostics;
  return `${diagnostics.flatMap((one) => [renderDiagnostic(one, text, file), renderDiagnostic(one, text, file, "fr")]).join("\n")}\n`;
}

describe("bad scripts", () => {
  for (const file of scripts("bad")) {
    it(file, () => {
      const text = readFileSync(new URL(file, folder("bad")), "utf8");
      const golden = new URL(file.replace(/sieve$/, "txt"), folder("bad"));
      if (updates) writeFileSync(golden, said(text, file));
      assert.equal(said(text, file), readFileSync(golden, "utf8"));
      assert.notEqual(said(text, file), "\n");
    });
  }
});

interface RfcRun {
  readonly mail: readonly string[];
  readonly size?: number;
  readonly from?: string | null;
  readonly to?: string;
  readonly now?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly mailboxes?: Readonly<Record<string, boolean>>;
  /** By key: seen before or not. */
  readonly duplicates?: Readonly<Record<string, boolean>>;
  /** By attribute. */
  readonly specialUse?: Readonly<Record<string, readonly string[]>>;
  /** By id. */
  readonly mailboxIds?: Readonly<Record<string, string | null>>;
  readonly spam?: number;
  readonly virus?: number;
  /** By name: which values are in the list. */
  readonly lists?: Readonly<Record<string, Readonly<Record<string, boolean>> | null>>;
  /** What the envelope says of delivery. */
  readonly delivery?: EnvelopeExtras;
  readonly imapEvent?: ImapEventFacts;
  readonly flags?: readonly string[];
  readonly want: readonly string[];
}

/** Scripts that a golden's script may include: by name, global ones beginning with a slash. */
type IncludedTexts = Readonly<Record<string, readonly string[]>>;

function mapped<T>(name: string, record: Readonly<Record<string, T>> | undefined): object {
  return record === undefined ? {} : { [name]: new Map(Object.entries(record)) };
}

function decision(script: string, given: RfcRun, included: IncludedTexts): readonly string[] {
  const { mail, size, from, to, now, environment, mailboxes } = given;
  const raw = Buffer.from(mail.includes("") ? mail.join("\r\n") : `${mail.join("\r\n")}\r\n\r\n`);
  const message = readMessage(raw, size === undefined ? {} : { size, complete: true });
  return decisionText(
    run(programOf(script, { scripts: textsOf(included) }), message, {
      ...plainFacts,
      ...(now === undefined ? {} : { now: Date.parse(now) }),
      ...(given.spam === undefined ? {} : { spam: given.spam }),
      ...(given.imapEvent === undefined ? {} : { imapEvent: given.imapEvent }),
      ...(given.flags === undefined ? {} : { flags: given.flags }),
      ...(given.virus === undefined ? {} : { virus: given.virus }),
      envelope: {
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...given.delivery,
      },
      ...mapped("lists", listsOf(given)),
      ...mapped("environment", environment),
      ...mapped("mailboxExists", mailboxes),
      ...mapped("duplicates", given.duplicates),
      ...mapped("specialUse", given.specialUse),
      ...mapped("mailboxIds", given.mailboxIds),
    }),
  );
}

function listsOf({ lists }: RfcRun): Readonly<Record<string, ListFacts | null>> | undefined {
  if (lists === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(lists).map(([name, values]) => [name, values === null ? null : new Map(Object.entries(values))]),
  );
}

function textsOf(included: IncludedTexts): ScriptSource {
  return ({ location, name }) => included[location === "global" ? `/${name}` : name]?.join("\n") ?? null;
}

describe("what the RFCs ask for", () => {
  for (const file of scripts("rfcs")) {
    const script = readFileSync(new URL(file, folder("rfcs")), "utf8");
    const golden: { readonly runs: readonly RfcRun[]; readonly scripts?: IncludedTexts } = JSON.parse(
      readFileSync(new URL(file.replace(/sieve$/, "json"), folder("rfcs")), "utf8"),
    );
    golden.runs.forEach((given, index) => {
      it(`${file}, mail ${index + 1}: ${given.want.join(", ")}`, () =>
        assert.deepEqual(decision(script, given, golden.scripts ?? {}), given.want));
    });
  }
});
