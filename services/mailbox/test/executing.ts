import type { Decision, Plan, Target } from "@tamis/contracts";
import { ByteGate } from "../src/byte-gate.ts";
import { execute } from "../src/execute.ts";
import type { ExecutionOptions } from "../src/execution.ts";
import { FolderBook } from "../src/folder-book.ts";
import type { JournaledCopy } from "../src/journaled-copy.ts";
import { decisionOn, PlainSession, text } from "./plain-session.ts";

export const target = (mailbox: string, addFlags: readonly string[] = [], create = true): Target => ({
  mailbox,
  create,
  addFlags,
  removeFlags: [],
});
export const move = (mailbox: string, ...copies: readonly Target[]): Plan => ({
  copies,
  destination: { kind: "folder", ...target(mailbox) },
});
export const stay = (addFlags: readonly string[] = [], ...copies: readonly Target[]): Plan => ({
  copies,
  destination: { kind: "stay", addFlags, removeFlags: [] },
});
export const DISCARD: Plan = { copies: [], destination: { kind: "discard" } };

export function inboxOf(count: number, capabilities?: readonly string[]): PlainSession {
  const session = new PlainSession(capabilities);
  for (let i = 1; i <= count; i++) session.inbox.add(text(`m${i}`));
  return session;
}

export interface Run {
  readonly outcomes: readonly string[];
  readonly journal: readonly JournaledCopy[];
}

/** Carries out plans by UID; outcomes as `uid result folder reason newUid`. */
export async function run(
  session: PlainSession,
  plans: Readonly<Record<number, Plan>>,
  { decisions = [], ...more }: Partial<ExecutionOptions> & { readonly decisions?: readonly Decision[] } = {},
): Promise<Run> {
  let journal: readonly JournaledCopy[] = [];
  const planned = Object.entries(plans).map(([uid, plan]) => decisionOn(session.inbox, Number(uid), plan));
  const outcomes = await execute([...planned, ...decisions], {
    session: session.asSession,
    folders: new FolderBook(session.asSession, { trash: "auto", snoozed: "Snoozed" }),
    folder: "INBOX",
    reselect: async () => void (await session.select("INBOX")),
    begin: async (open) => {
      journal = open;
      session.calls.push("begin");
    },
    rewriteBytes: 0,
    outputs: async () => new Map(),
    gate: new ByteGate(1),
    placed: () => undefined,
    isFenced: () => false,
    assertLease: () => undefined,
    open: [],
    searchCopiesSince: undefined,
    retried: false,
    ...more,
  });
  const shown = [...outcomes]
    .sort(([a], [b]) => a - b)
    .map(([uid, { result, folder, reason, newUid }]) =>
      [uid, result, folder, reason, newUid].filter((part) => part !== undefined && part !== "").join(" "),
    );
  return { outcomes: shown, journal };
}

export const changes = (session: PlainSession): readonly string[] =>
  session.calls.filter((call) => /^(begin|COPY|MOVE|STORE|EXPUNGE|CREATE)/.test(call));
