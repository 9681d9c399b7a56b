import type { AppliedMail, ApplyCommand, Decision } from "@tamis/contracts";
import type { AccountMemory } from "./account-memory.ts";
import { execute } from "./execute.ts";
import { appliedMail, type FactsAbout, publishApplied } from "./facts.ts";
import { ConnectionLost } from "./imap/imap-connection.ts";
import { isInbox } from "./imap/mailbox-name.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import { inFolder } from "./in-folder.ts";
import type { InboxView } from "./inbox-view.ts";
import type { Outcome } from "./outcome.ts";
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
}

/**
 * Carries out plans in the folder where the mails are, and tells each outcome by a fact. The plans have no copies, so every
 * step is evident on a retry: nothing is journaled. Rejects as `execute` does and as `Bus.publishFact`; repeating is safe.
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
  const mails = decisions.map((decision) =>
    appliedMail(place, { ...decision, observed: plans.observed }, outcomes.get(decision.uid) ?? GONE, appliedAt),
  );
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
  const { folder, retried } = plans;
  const canMove = session.capabilities.has("MOVE");
  const movable = plans.decisions.filter(({ plan }) => canMove || plan.destination.kind === "stay");
  const immovable = plans.decisions.filter((decision) => !movable.includes(decision));
  await noteArrivals(memory, folder.name, movable);
  await session.know(Math.max(0, ...movable.map(({ uid }) => uid)));
  const outcomes = await execute(movable, {
    session,
    folders,
    folder: folder.name,
    open: [],
    searchCopiesSince: undefined,
    retried,
    reselect: async () => {
      if ((await session.select(folder.name)).uidValidity !== folder.uidValidity)
        throw new ConnectionLost("protocol", "a folder was renumbered while it was worked in");
    },
    begin: () => store.save(record),
    // Plans for stored mail change none.
    rewriteBytes: deps.config.rewrite_bytes,
    outputs: async () => null,
    gate: deps.rewriting,
    placed: () => undefined,
    isFenced: () => store.isFenced,
    assertLease: () => store.assertLease(),
  });
  return new Map([...outcomes, ...allWith(immovable, { result: "failed", reason: "no-move" }, folder.name)]);
}

/** Written down before they come: what is put into INBOX is no new mail. */
async function noteArrivals(memory: AccountMemory, folder: string, decisions: readonly Decision[]): Promise<void> {
  const { record, store } = memory;
  const arriving = decisions.filter(
    ({ plan: { destination } }) => destination.kind === "folder" && isInbox(destination.mailbox),
  );
  if (isInbox(folder) || arriving.length === 0) return;
  for (const { fingerprint } of arriving) record.prints.add(fingerprint);
  await store.save(record);
}
