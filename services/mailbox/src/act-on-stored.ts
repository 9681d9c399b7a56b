import type { AppliedMail, ApplyCommand, Decision } from "@tamis/contracts";
import type { AccountMemory } from "./account-memory.ts";
import { execute } from "./execute.ts";
import { appliedMail, type FactsAbout, publishApplied } from "./facts.ts";
import { ConnectionLost } from "./imap/imap-connection.ts";
import { isInbox } from "./imap/mailbox-name.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import { inFolder } from "./in-folder.ts";
import type { InboxView } from "./inbox-view.ts";
import type { JournaledCopy } from "./journaled-copy.ts";
import type { Outcome } from "./outcome.ts";
import { outputReader } from "./program-outputs.ts";
import { now } from "./publish-mail.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** Plans for stored mails of one folder. */
export interface StoredMailPlans {
  readonly folder: ApplyCommand["folder"];
  readonly decisions: readonly Decision[];
  /** Nothing is carried out. */
  readonly observed: boolean;
  /** An earlier attempt may have got through. */
  readonly retried: boolean;
  readonly about: FactsAbout;
  /** Of mails that wake, by UID: when they were to, epoch ms. */
  readonly wokenFor?: ReadonlyMap<number, number>;
  /** Where copies are written down before they are made; without it the plans have none. */
  readonly journal?: {
    readonly open: readonly JournaledCopy[];
    readonly write: (entries: readonly JournaledCopy[]) => void;
  };
}

/**
 * Carries out plans in the folder where the mails are, and tells each outcome by a fact. Without copies nothing is
 * journaled: on a retry every step is evident, or looked for. Rejects as `execute` does and as `Bus.publishFact`; repeating is safe.
 */
export async function actOnStored(
  deps: WorkerDeps,
  memory: AccountMemory,
  view: InboxView,
  plans: StoredMailPlans,
): Promise<readonly AppliedMail[]> {
  const { folder, decisions } = plans;
  memory.store.assertLease();
  const outcomes = plans.observed
    ? allWith(decisions, { result: "kept" }, folder.name)
    : await visit({ deps, memory, view }, plans);
  const appliedAt = now();
  const place = { accountId: memory.accountId, folder };
  const mails = decisions.map((decision): AppliedMail => {
    const outcome = outcomes.get(decision.uid) ?? GONE;
    const wokenFor = plans.wokenFor?.get(decision.uid);
    const mail = appliedMail(place, { ...decision, observed: plans.observed }, outcome, appliedAt);
    return wokenFor === undefined ? mail : { ...mail, wokenFor };
  });
  await publishApplied(deps.bus, memory.accountId, plans.about, mails);
  return mails;
}

const GONE: Outcome = { result: "gone", folder: "" };
type Outcomes = ReadonlyMap<number, Outcome>;

function allWith(
  decisions: readonly Decision[],
  outcome: Pick<Outcome, "result" | "reason">,
  folder: string,
): Outcomes {
  return new Map(decisions.map(({ uid }) => [uid, { ...outcome, folder }]));
}

interface Bench {
  readonly deps: WorkerDeps;
  readonly memory: AccountMemory;
  readonly view: InboxView;
}

async function visit(bench: Bench, plans: StoredMailPlans): Promise<Outcomes> {
  const { memory, view } = bench;
  const { folder, decisions } = plans;
  let isThere = false;
  try {
    return await inFolder(view.session, memory, { name: folder.name, readOnly: false }, async (selected) => {
      isThere = true;
      if (selected.uidValidity !== folder.uidValidity)
        return allWith(decisions, { result: "failed", reason: "renumbered" }, folder.name);
      return await carryOut(bench, plans);
    });
  } catch (error) {
    // The folder went away, with its mail.
    if (isThere || !(error instanceof ServerRefused) || error.isPassing) throw error;
    return allWith(decisions, { result: "failed", reason: "no-such-folder" }, folder.name);
  }
}

async function carryOut({ deps, memory, view }: Bench, plans: StoredMailPlans): Promise<Outcomes> {
  const { record, store } = memory;
  const { session, folders } = view;
  const { folder, retried, journal } = plans;
  const canMove = session.capabilities.has("MOVE") || journal !== undefined;
  const movable = plans.decisions.filter(({ plan }) => canMove || plan.destination.kind === "stay");
  const immovable = plans.decisions.filter((decision) => !movable.includes(decision));
  await noteArrivals(memory, folder.name, movable);
  await session.know(Math.max(0, ...movable.map(({ uid }) => uid)));
  const outcomes = await execute(movable, {
    session,
    folders,
    folder: folder.name,
    open: journal?.open ?? [],
    searchCopiesSince: undefined,
    retried,
    reselect: async () => {
      if ((await session.select(folder.name)).uidValidity !== folder.uidValidity)
        throw new ConnectionLost("protocol", "a folder was renumbered while it was worked in");
    },
    begin: async (entries) => {
      journal?.write(entries);
      await store.save(record);
    },
    rewriteBytes: deps.config.rewrite_bytes,
    outputs: outputReader(deps.bus),
    gate: deps.rewriting,
    placed: ({ fingerprint }) => record.prints.add(fingerprint),
    isFenced: () => store.isFenced(record),
    assertLease: () => store.assertLease(),
  });
  return new Map([...outcomes, ...allWith(immovable, { result: "failed", reason: "no-move" }, folder.name)]);
}

/** Written down before they come: what is put into INBOX is no new mail. */
async function noteArrivals(memory: AccountMemory, folder: string, decisions: readonly Decision[]): Promise<void> {
  const { record, store } = memory;
  const arriving = decisions.filter(({ plan: { copies, destination } }) =>
    [...copies, destination].some((target) => "mailbox" in target && isInbox(target.mailbox)),
  );
  if (isInbox(folder) || arriving.length === 0) return;
  for (const { fingerprint } of arriving) record.prints.add(fingerprint);
  await store.save(record);
}
