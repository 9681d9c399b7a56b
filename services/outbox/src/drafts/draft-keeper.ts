import type { Bus, ObjectBucket } from "@tamis/bus";
import { type MailboxAsk, mailboxAnswer, partitionOf, subjects } from "@tamis/contracts";
import { HeldRounds } from "@tamis/store";
import { retryAt } from "../retry-at.ts";
import type { DraftStep, DraftWork, DueDraft } from "../tables/draft-work.ts";
import type { SettledState } from "../tables/schema.ts";
import { type NoticeContext, outcomeNotice } from "./compose-notice.ts";
import { nextOccurrence } from "./next-occurrence.ts";

export interface DraftKeeperOptions {
  readonly work: DraftWork;
  readonly bus: Pick<Bus, "request">;
  readonly objects: Pick<ObjectBucket, "put" | "delete">;
  readonly notices: Omit<NoticeContext, "now">;
  /** How long ended drafts are remembered, so that the same one is not sent twice, ms. */
  readonly keepMs: number;
  readonly now: () => Date;
  readonly log: {
    info(fields: Readonly<Record<string, unknown>>, event: string): void;
    warn(fields: Readonly<Record<string, unknown>>, event: string): void;
  };
  /** Another occurrence is scheduled. */
  readonly onScheduled: () => void;
}

type Ask = Extract<MailboxAsk, { readonly op: "draft-sent" | "draft-back" }>;

const ASK_MS = 60_000;
/** A sending that has no last word yet is looked at again after a quarter of the time since it was due, within these, ms. */
const LOOK_AT_LEAST_MS = 500;
const LOOK_AT_MOST_MS = 30_000;
/** Of a mailbox that does not answer. */
const PAUSES = { firstMs: 2_000, maxMs: 300_000 };
const OFFER_MS = 7 * 86_400_000;
const DROP_EVERY_MS = 600_000;

/**
 * Has `mailbox` do what becomes of drafts: a copy in Sent of what left, and the draft is gone; or back to its owner. Then the next
 * occurrence is scheduled. Each is asked for until it is done; `mailbox` finds what it did before.
 */
export class DraftKeeper extends HeldRounds<DueDraft> {
  readonly #options: DraftKeeperOptions;
  #isTimed = false;
  #droppedAt = Number.NEGATIVE_INFINITY;

  constructor(options: DraftKeeperOptions) {
    const { work, now, log } = options;
    super({
      queue: work,
      idOf: ({ draft }) => draft.id,
      accountOf: ({ draft }) => draft.account_id,
      prepare: () => this.#prepare(),
      carryOut: (due, release) => this.#keep(due, release),
      failed: "drafts-not-kept",
      now,
      log,
    });
    this.#options = options;
  }

  async #prepare(): Promise<void> {
    const { work, now, log } = this.#options;
    // The rules of zones change with the process.
    if (!this.#isTimed) {
      const drafts = await work.retime(now());
      if (drafts > 0) log.info({ drafts }, "drafts-retimed");
      this.#isTimed = true;
    }
    await this.#drop();
  }

  async #drop(): Promise<void> {
    const { work, now, keepMs } = this.#options;
    const at = now().getTime();
    if (at - this.#droppedAt < DROP_EVERY_MS) return;
    await work.drop(new Date(at - OFFER_MS), new Date(at - keepMs));
    this.#droppedAt = at;
  }

  async #keep(due: DueDraft, release: () => Promise<Date>): Promise<void> {
    const { work, now, log, onScheduled } = this.#options;
    const { draft, word } = due;
    const { id, account_id: accountId, attempts, occurrence } = draft;
    // Its sending is under way, or the word was carried out before.
    if (word === null) return await work.lookAt(id, await release(), nextLook(draft.due_at, now()));
    try {
      const step = stepAfter(due, word, now());
      await this.#carryOut(due, step);
      const held = await release();
      if (!(await work.finish(draft, step, now(), held))) {
        const last = { ...step, next: null };
        await this.#carryOut(due, last);
        await work.finish(draft, last, now(), held);
      }
      onScheduled();
      log.info({ accountId, draft: id, occurrence, word, goesOn: step.next !== null }, "draft-kept");
    } catch (err) {
      await work.later(id, await release(), retryAt(attempts + 1, PAUSES, now()));
      log.warn({ err, accountId, draft: id }, "draft-not-kept");
    }
  }

  /** Resolves when `mailbox` has done it. */
  async #carryOut(due: DueDraft, step: DraftStep): Promise<void> {
    const { draft, settledAt, messageId } = due;
    const named = {
      accountId: draft.account_id,
      fingerprint: draft.fingerprint,
      internalDate: draft.internal_date.getTime(),
    };
    if (step.outcome === "sent") {
      const octets = await this.#options.work.octets(draft.sending_id ?? 0);
      // One that comes again stays for that.
      if (octets === null && step.next === null) return await this.#giveBack(due, named, "no-copy");
      if (octets === null) return;
      const object = `draft-${draft.account_id}-${draft.sending_id}`;
      await this.#options.objects.put(object, octets);
      const date = (settledAt ?? this.#options.now()).getTime();
      await this.#ask({ op: "draft-sent", ...named, messageId, date, object, isLast: step.next === null });
      // What stays there for some failure goes with its age.
      return await this.#options.objects.delete(object).catch(() => {});
    }
    if (step.next === null) await this.#giveBack(due, named, draft.replied_at === null ? null : "replied");
  }

  #giveBack(
    { draft, states }: DueDraft,
    named: Pick<Ask, "accountId" | "fingerprint" | "internalDate">,
    outcome: "replied" | "no-copy" | null,
  ): Promise<void> {
    const { notices, now } = this.#options;
    const about = { ...named, address: draft.address, subject: draft.subject };
    const isStopped = states.has("cancelled") || outcome === "no-copy";
    return this.#ask({
      op: "draft-back",
      ...named,
      keyword: isStopped ? "$TamisNotScheduled" : "$TamisNotSent",
      ...(outcome === null ? {} : { notice: outcomeNotice(about, outcome, { ...notices, now: now() }) }),
    });
  }

  /** The draft may be gone by now: its owner found it. */
  async #ask(ask: Ask): Promise<void> {
    const subject = subjects.mailboxAsk(partitionOf(ask.accountId));
    const reply = await this.#options.bus.request(subject, Buffer.from(JSON.stringify(ask)), { timeoutMs: ASK_MS });
    const { kind } = mailboxAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString()));
    if (kind !== "done" && kind !== "gone") throw new Error(`mailbox did not do it: ${kind}`);
  }
}

/** When it is due, soon after that, and ever later while the relay has it tried again. */
function nextLook(dueAt: Date, now: Date): Date {
  const since = now.getTime() - dueAt.getTime();
  const pauseMs = since < 0 ? -since : Math.min(LOOK_AT_MOST_MS, Math.max(LOOK_AT_LEAST_MS, since / 4));
  return new Date(now.getTime() + pauseMs);
}

/** What is to be done after the last word on a sending. What reached anybody was sent: the others are reported. */
export function stepAfter(
  { draft, states }: Pick<DueDraft, "draft" | "states">,
  word: SettledState,
  now: Date,
): DraftStep {
  const isOver = draft.state === "ended";
  const next = isOver
    ? null
    : nextOccurrence(
        {
          recurrence: draft.recurrence,
          wall: draft.wall,
          zone: draft.zone,
          isReplied: draft.replied_at !== null,
          isCancelled: states.has("cancelled"),
        },
        now,
      );
  return { word, next, outcome: states.has("accepted") ? "sent" : "back" };
}
