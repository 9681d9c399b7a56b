import { RetryLater } from "@tamis/bus";
import { formatMailId, type MailDecided, type Sending } from "@tamis/contracts";
import { isPostable, isSendingAction, letterOf, needsWhole, type SendingAction, sendingKey } from "./compose.ts";
import { fateOf, type SendingResult } from "./fate.ts";
import { eventSuffix } from "./imap-event.ts";
import { answeredBy, type JudgeContext, judge } from "./judge.ts";
import type { RuledAction } from "./layers.ts";
import { Overtaken, type Remembered } from "./memory.ts";
import type { Fate, Fates } from "./plan.ts";
import { quietBecause } from "./quiet.ts";
import { SendingDelayed, type Submit } from "./sender.ts";
import { isToList } from "./spread-lists.ts";

/** One mail whose actions are carried out, as far as something leaves or is remembered. */
export interface SendingContext extends Omit<JudgeContext, "sends"> {
  /** Null: this installation sends nothing. */
  readonly submit: Submit | null;
  /** The mail leaves its folder because of what is sent: no action stores it. */
  readonly isDiscarded: boolean;
  /** `outbox` does not know what it was given: something that only an operator can mend. */
  readonly onRefused: (fields: { readonly reason: string }) => void;
}

/** What became of everything that was to leave. */
export interface Carried {
  readonly fates: Fates;
  readonly told: NonNullable<MailDecided["mails"][number]["sendings"]>;
  /** The memory holds something of this mail that is to be forgotten when its plan fails. */
  readonly marked: boolean;
}

/** One mail to send: actions of several layers may ask for the same. */
interface Draft {
  readonly key: string;
  readonly action: SendingAction;
  readonly actions: readonly SendingAction[];
}

/** A draft that may leave, as it is handed over. */
interface Letter {
  readonly draft: Draft;
  readonly hold: boolean;
  readonly sending: Omit<Sending, "body">;
  readonly body: Uint8Array;
}

/**
 * Remembers what is to be remembered, and hands over what is to leave: resolves when `outbox` has committed it. `gone`: the mail's
 * owner took it away meanwhile. Throws {@link SendingDelayed} while it cannot be handed over, {@link Overtaken} where another mail
 * was faster.
 */
export async function carryOut(actions: readonly RuledAction[], context: SendingContext): Promise<Carried | "gone"> {
  const post = new Post(context);
  await post.markDuplicates(actions);
  try {
    return await post.send(draftsOf(actions, eventSuffix(context.head, context.mail.meta)));
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    throw new SendingDelayed(error.message, { afterMs: error.afterMs, code: error.code, cause: error });
  }
}

function draftsOf(actions: readonly RuledAction[], suffix: string): readonly Draft[] {
  const sending = actions
    .map(({ action }) => action)
    .filter(isSendingAction)
    .filter((action) => !isToList(action));
  // RFC 5429 §2.1: who is refused gets no other answer; libs/sieve sees to that within one script.
  const rejects = sending.some(({ kind }) => kind === "reject");
  const wanted = sending.filter(({ kind }) => !(rejects && kind === "vacation"));
  return [...Map.groupBy(wanted, sendingKey)].flatMap(([key, same]) => {
    const [action] = same;
    return action === undefined ? [] : [{ key: `${key}${suffix}`, action, actions: same }];
  });
}

class Post {
  readonly #context: SendingContext;
  readonly #results = new Map<Draft, SendingResult>();
  #marks = 0;

  constructor(context: SendingContext) {
    this.#context = context;
  }

  async markDuplicates(actions: readonly RuledAction[]): Promise<void> {
    const { memory, mail } = this.#context;
    for (const { action } of actions) {
      if (action.kind !== "duplicate-mark") continue;
      await memory.mark({ kind: "duplicate", key: action.key, mail: mail.meta.fingerprint }, action.seconds);
      this.#marks++;
    }
  }

  async send(drafts: readonly Draft[]): Promise<Carried | "gone"> {
    const letters = await this.#letters(drafts);
    if (letters === "gone") return "gone";
    if (letters.length > 0) await this.#handOver(letters);
    const fates = new Map<SendingAction, Fate>();
    for (const { actions } of drafts) for (const action of actions) fates.set(action, { kind: "beside" });
    for (const [{ actions }, result] of this.#results) {
      for (const action of actions) fates.set(action, await fateOf(action, result, this.#context.facts));
    }
    const told = drafts.flatMap((draft) => {
      const result = this.#results.get(draft);
      if (result === undefined) return [];
      const { state, reason } = result;
      return [{ key: draft.key, kind: draft.action.kind, state, ...(reason === undefined ? {} : { reason }) }];
    });
    return { fates, told, marked: this.#marks > 0 && quietBecause(this.#context.head) === null };
  }

  /** What may leave, composed; all else has its result. */
  async #letters(drafts: readonly Draft[]): Promise<readonly Letter[] | "gone"> {
    const letters: Letter[] = [];
    for (const draft of drafts) {
      const judgement = await judge(draft.action, { ...this.#context, sends: this.#context.submit !== null });
      if (judgement.kind === "not") {
        this.#results.set(draft, judgement);
        continue;
      }
      const letter = await this.#compose(draft, judgement.hold);
      if (letter === "gone") return "gone";
      if (letter !== null) letters.push(letter);
    }
    return letters;
  }

  async #compose(draft: Draft, hold: boolean): Promise<Letter | "gone" | null> {
    const { facts, head, mail, now, isDiscarded } = this.#context;
    const { action, actions, key } = draft;
    const whole = needsWhole(action) ? await facts.fetchWhole() : "fetched";
    if (whole === "gone") return "gone";
    const fingerprint = `${mail.meta.fingerprint}${eventSuffix(head, mail.meta)}`;
    const about = {
      ...head,
      ...mail.meta,
      fingerprint,
      envelope: facts.envelope,
      message: facts.message,
      outputs: facts.outputs,
      now,
    };
    const letter = whole === "too-large" ? whole : letterOf(action, about);
    const fault = faultOf(letter);
    if (fault !== null || letter === null || typeof letter === "string") {
      if (fault !== null) this.#results.set(draft, fault);
      return null;
    }
    const { body, ...addressed } = letter;
    const cancels = actions.some((one) => one.kind === "reject" || (one.kind === "redirect" && !one.copy));
    const { dsn, deliverBy } = action.kind === "redirect" ? action : {};
    const sending = {
      key,
      kind: action.kind,
      ...addressed,
      // A mail that an event was about stays in its folder, marked: there is no place to put it back to.
      cancelsKeep: cancels && isDiscarded && !hold && head.purpose !== "event",
      hold,
      ...(dsn === undefined ? {} : { dsn }),
      ...(deliverBy === undefined ? {} : { deliverBy }),
      ...copyOf(action),
    };
    return { draft, hold, sending, body };
  }

  /**
   * Marks are written before anything leaves: two mails of one sender that are decided on at the same moment must not both be
   * answered. A mark never speaks against its own mail, so that a repetition after a crash goes its way.
   */
  async #handOver(letters: readonly Letter[]): Promise<void> {
    const { memory, submit } = this.#context;
    if (submit === null) return;
    const answered = await this.#markAnswered(letters);
    if (!(await memory.commit())) throw new Overtaken("another mail was decided on meanwhile");
    const { bodies, sendings } = bundled(letters);
    const answer = await submit(this.#head(sendings), bodies);
    if (answer.kind === "refused") this.#context.onRefused({ reason: answer.reason });
    const states = answer.kind === "refused" ? [] : answer.sendings;
    for (const { draft, hold } of letters) {
      const { state, reason } =
        answer.kind === "refused" ? { state: "refused" as const, reason: undefined } : stateOf(states, draft.key);
      this.#results.set(draft, { state, hold, ...(reason === undefined ? {} : { reason }) });
      const mark = answered.get(draft);
      if (state === "refused" && mark !== undefined) await memory.release(mark);
    }
  }

  #head(sendings: readonly Sending[]): Parameters<Submit>[0] {
    const { head, mail } = this.#context;
    const { accountId, address, folder } = head;
    const { uid, fingerprint, internalDate, traceparent } = mail.meta;
    const mailId = formatMailId({ accountId, folderId: folder.id, uidValidity: folder.uidValidity, uid });
    const traced = traceparent === undefined ? {} : { traceparent };
    return { v: 1, accountId, address, mailId, fingerprint, internalDate, sendings, ...traced };
  }

  async #markAnswered(letters: readonly Letter[]): Promise<ReadonlyMap<Draft, Remembered>> {
    const answered = new Map<Draft, Remembered>();
    for (const { draft } of letters) {
      if (draft.action.kind !== "vacation") continue;
      const mark = answeredBy(draft.action, this.#context.mail);
      if (mark === null) continue;
      await this.#context.memory.mark(mark, draft.action.seconds);
      answered.set(draft, mark);
    }
    return answered;
  }
}

/** Why it cannot be handed over; null where it can. */
function faultOf(letter: ReturnType<typeof letterOf> | "too-large"): SendingResult | null {
  if (letter === null) return { state: "not-carried-out", reason: "nothing-to-send" };
  if (letter === "uneditable") return { state: "not-carried-out", reason: letter };
  if (letter === "too-large") return { state: "refused", reason: letter };
  if (!letter.to.every(isPostable)) return { state: "refused", reason: "bad-address" };
  return letter.body.length === 0 ? { state: "not-carried-out", reason: "nothing-to-send" } : null;
}

/** RFC 8580 §3: a copy is filed as one that was read, where the script says nothing of flags. */
function copyOf(action: SendingAction): Pick<Sending, "fcc"> {
  if (!("fcc" in action) || action.fcc === undefined) return {};
  const { mailbox, create, specialUse, flags = ["\\Seen"] } = action.fcc;
  return { fcc: { mailbox, create, flags, ...(specialUse === undefined ? {} : { specialUse }) } };
}

/** Bodies that are the same go once. */
function bundled(letters: readonly Letter[]): { readonly bodies: Uint8Array[]; readonly sendings: Sending[] } {
  const bodies: Uint8Array[] = [];
  const sendings = letters.map(({ sending, body }): Sending => {
    const known = bodies.findIndex((other) => Buffer.compare(other, body) === 0);
    return { ...sending, body: known >= 0 ? known : bodies.push(body) - 1 };
  });
  return { bodies, sendings };
}

function stateOf<T extends { readonly key: string }>(states: readonly T[], key: string): T {
  const found = states.find((state) => state.key === key);
  if (found === undefined) throw new RetryLater("outbox left a sending without an answer", { code: "failed" });
  return found;
}
