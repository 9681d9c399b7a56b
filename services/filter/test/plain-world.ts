import assert from "node:assert/strict";
import { trace } from "@opentelemetry/api";
import type { Bucket, Publication, SubmittedHead } from "@tamis/bus";
import {
  type ApplyCommand,
  applyCommand,
  type BatchHead,
  encodeMailBatch,
  type Layer,
  type MailDecided,
  type MailMeta,
  mailDecided,
  type ReceiptAsked,
  receiptAsked,
  type Sending,
  type SubmissionAnswer,
} from "@tamis/contracts";
import { compile } from "@tamis/sieve";
import type { DecideSettings } from "../src/decide.ts";
import type { Lists } from "../src/lists.ts";
import { openMemory } from "../src/memory.ts";
import type { MailboxAsker } from "../src/needs.ts";
import { type FilterDeps, onMailReceived, type ReceivedMail } from "../src/on-mail-received.ts";
import type { ProgramRunner } from "../src/program-runner.ts";
import type { TellReplies } from "../src/replies.ts";
import type { Reports } from "../src/reports.ts";
import type { LoadedScript } from "../src/scripts.ts";
import type { Submit } from "../src/sender.ts";
import type { VerdictFacts } from "../src/verdict.ts";

/** A world of plain functions around the filter: no broker, no server. */

export const NOW = Date.UTC(2026, 10, 22, 10);
export const HEAD: BatchHead = {
  v: 1,
  accountId: "a1",
  address: "anna@example.org",
  mode: "act",
  purpose: "live",
  folder: { id: "8b9f2e1c", name: "INBOX", uidValidity: 7 },
};
export const SETTINGS: DecideSettings = {
  timeZone: "Europe/Paris",
  addressSeparator: "+",
  language: "en",
  limits: {},
  envelope: { from: "return-path", to: "delivered-to" },
  authentication: { authservIds: new Set(["mx.example.org"]), fields: 1 },
  mostRecipients: 5,
  outgoingMaxAgeMs: 24 * 3_600_000,
};

/** Scripts whose action leaves, one for each kind. */
export const REDIRECT = 'redirect "carla@example.com";';
export const COPY = 'require "copy"; redirect :copy "carla@example.com";';
export const REJECT = 'require "reject"; reject "No.";';
export const VACATION = 'require "vacation"; vacation :days 7 :handle "h" "Away.";';
export const NOTIFY = 'require "enotify"; notify "mailto:pager@example.com";';
export const REPORT = 'require "vnd.dovecot.report"; report "abuse" "Spam." "abuse@example.com";';

/** A mail that came too long ago for anybody to be answered. */
export const OLD = { meta: { internalDate: NOW - 72 * 3_600_000 } } satisfies Partial<TestMail>;

export interface TestMail {
  readonly uid: number;
  readonly text: string;
  readonly meta?: Partial<MailMeta>;
}

/** A mail from outside, as the operator's server hands it over: fresh, and from whom it says. */
export function fresh(...fields: readonly string[]): string {
  return [
    "Return-Path: <bob@example.net>",
    `Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=bob@example.net`,
    `Received: from a by b; ${new Date(NOW - 1000).toUTCString()}`,
    "From: Bob <bob@example.net>",
    "To: anna@example.org",
    ...fields,
    "",
    "Hello",
    "",
  ].join("\n");
}

export const fingerprintOf = (uid: number): string => uid.toString(16).padStart(16, "0");

export function delivery(mails: readonly TestMail[], head: Partial<BatchHead> = {}): ReceivedMail {
  const payload = encodeMailBatch({
    head: { ...HEAD, ...head },
    mails: mails.map(({ uid, text, meta }) => {
      const raw = Buffer.from(text.replaceAll("\n", "\r\n"));
      const about = {
        size: raw.length,
        internalDate: NOW,
        flags: [],
        fingerprint: fingerprintOf(uid),
        seenAt: NOW,
        fetchedAt: NOW + 1,
      };
      return { meta: { uid, ...about, ...meta }, raw };
    }),
  });
  return { payload, seq: 99, storedAt: NOW };
}

/** The owner's script, compiled. */
export function loaded(text: string): LoadedScript {
  const compiled = compile(text);
  assert.ok(compiled.ok, "the script of this test compiles");
  return { name: "main", version: "v1", program: compiled.program };
}

/** KV `memory` of one process. */
export function memoryBucket(): Pick<Bucket, "get" | "create" | "update"> {
  const entries = new Map<string, { readonly value: Uint8Array; readonly revision: number }>();
  let last = 0;
  const write = (key: string, value: Uint8Array): number => {
    entries.set(key, { value, revision: ++last });
    return last;
  };
  return {
    get: async (key) => {
      const entry = entries.get(key);
      return entry === undefined ? null : { key, ...entry };
    },
    create: async (key, value) => (entries.has(key) ? null : write(key, value)),
    update: async (key, value, revision) => (entries.get(key)?.revision === revision ? write(key, value) : null),
  };
}

type State = Extract<SubmissionAnswer, { kind: "committed" }>["sendings"][number];

/** What `outbox` was given, and an answer for each sending. */
export function fakeOutbox(answer: (sending: Sending) => Omit<State, "key"> = () => ({ state: "stored" })) {
  const submissions: { readonly head: SubmittedHead; readonly bodies: readonly Uint8Array[] }[] = [];
  const submit: Submit = async (head, bodies) => {
    submissions.push({ head, bodies });
    return { kind: "committed", sendings: head.sendings.map((one) => ({ key: one.key, ...answer(one) })) };
  };
  return {
    submit,
    submissions,
    sendings: (): readonly Sending[] => submissions.flatMap(({ head }) => head.sendings),
    body: (index = 0): string => Buffer.from(submissions.at(-1)?.bodies[index] ?? []).toString("latin1"),
  };
}

export interface WorldOptions {
  readonly script?: LoadedScript | null;
  /** By key. */
  readonly drafts?: Readonly<Record<string, LoadedScript>>;
  /** Texts of scripts. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  /** Text of the script that runs on IMAP events. */
  readonly onEvent?: readonly string[];
  readonly asker?: Partial<MailboxAsker>;
  readonly submit?: Submit | null;
  readonly lists?: Lists;
  readonly reports?: Reports | null;
  readonly tellReplies?: TellReplies | null;
  readonly runner?: ProgramRunner | null;
  readonly memory?: Pick<Bucket, "get" | "create" | "update">;
  readonly settings?: Partial<DecideSettings>;
  readonly verdict?: VerdictFacts;
}

/** The handler's world: what it publishes is kept. */
export function world(options: WorldOptions = {}) {
  const published: Publication[] = [];
  const facts: { readonly p: number; readonly fact: MailDecided; readonly id: string }[] = [];
  const asked: { readonly fact: ReceiptAsked; readonly id: string }[] = [];
  const logged: string[] = [];
  const outputs = new Map<string, string>();
  const refuse = (): never => assert.fail("nothing was to be asked");
  const scripts = (layer: Layer, texts: readonly string[] = []) =>
    texts.map((text, at) => {
      const { program } = loaded(text);
      return { name: `${layer}${at}`, program: program ?? assert.fail() };
    });
  const organisation = { before: scripts("before", options.before), after: scripts("after", options.after) };
  const deps: FilterDeps = {
    scripts: { of: async () => options.script ?? null, draft: async (key) => options.drafts?.[key] ?? null },
    organisation: { scripts: () => organisation },
    eventRules: async () => {
      const layers = scripts("user", options.onEvent).map(({ program }) => ({ layer: "user", program }) as const);
      return { script: null, scripts: layers, active: layers };
    },
    openMemory: openMemory({ bucket: options.memory ?? memoryBucket(), onCorrupt: () => logged.push("corrupt") }),
    submit: options.submit ?? null,
    reports: options.reports ?? null,
    tellReplies: options.tellReplies ?? null,
    publishAsked: async (_p, fact, id) => void asked.push({ fact: receiptAsked.schema.parse(fact), id }),
    runner: options.runner ?? null,
    keepOutput: async (key, octets) => void outputs.set(key, Buffer.from(octets).toString("latin1")),
    lists: options.lists ?? { names: [], of: async () => null },
    asker: {
      mailboxesExist: refuse,
      wholeMail: refuse,
      specialUse: refuse,
      mailboxIds: refuse,
      metadata: refuse,
      ...options.asker,
    },
    settings: { ...SETTINGS, ...options.settings },
    verdictOf: () => options.verdict ?? {},
    onRefused: ({ reason }) => logged.push(`refused: ${reason}`),
    publish: async (publication) => published.push(publication),
    publishDecided: async (p, { fact, text }, id) => {
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(fact)));
      facts.push({ p, fact: mailDecided.schema.parse(fact), id });
    },
    tracer: trace.getTracer("test"),
    meter: { decided: () => {} },
    log: { info: (_, event) => logged.push(event), error: (_, event) => logged.push(event) },
    now: () => NOW + 5,
  };
  const command = (index = 0): ApplyCommand =>
    applyCommand.parse(JSON.parse(Buffer.from(published[index]?.payload ?? []).toString()));
  return {
    deps,
    published,
    facts,
    asked,
    outputs,
    logged,
    command,
    /** What was decided about the only mail. */
    decided: () => facts[0]?.fact.mails[0] ?? assert.fail("nothing was decided"),
    /** Where the only mail goes. */
    destination: () => destinationOf(command().decisions[0]?.plan ?? assert.fail("no plan")),
  };
}

export function destinationOf({ destination }: ApplyCommand["decisions"][number]["plan"]): string {
  return destination.kind === "folder" ? destination.mailbox : destination.kind;
}

/** A world in which one mail was decided on. */
export async function decideOne(
  options: WorldOptions,
  mail: Partial<TestMail> = {},
  head: Partial<BatchHead> = {},
): Promise<ReturnType<typeof world>> {
  const made = world(options);
  const text = fresh("Subject: x", "Message-ID: <m@example.net>");
  await onMailReceived(delivery([{ uid: 1, text, ...mail }], head), made.deps);
  return made;
}
