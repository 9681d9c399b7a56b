import { RetryLater, type SubmittedHead } from "@tamis/bus";
import type { MailboxAnswer, MailboxAsk, SubmissionAnswer } from "@tamis/contracts";
import { StoreUnavailable } from "@tamis/store";
import type { DueRequest, Progress } from "../tables/request-work.ts";
import type { Requests } from "../tables/requests.ts";
import type { Language } from "../texts.ts";
import { type RequestReason, reasonTexts } from "./answer-texts.ts";
import { composeMdn, mdnName } from "./compose-mdn.ts";

type SettleAsk = Extract<MailboxAsk, { readonly op: "settle-receipt" }>;

export interface AnswererDeps {
  readonly requests: Pick<Requests, "progress" | "postpone">;
  /** Asks `mailbox`. Throws `RetryLater` while nobody answers: nothing is known then. */
  readonly settle: (ask: SettleAsk) => Promise<MailboxAnswer>;
  /** Asks `outbox`; as {@link settle}. */
  readonly submit: (head: SubmittedHead, bodies: readonly Uint8Array[]) => Promise<SubmissionAnswer>;
  /** In which an owner answers. */
  readonly languageOf: (accountId: string) => Language;
  readonly now: () => number;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, event: string): void };
  /** Something came to its end. */
  readonly onDone: (state: string) => void;
}

const FIRST_AGAIN_MS = 2_000;
const LONGEST_AGAIN_MS = 3_600_000;

/**
 * Does what is due of one request: has the mail settled (`$MDNSent`), and only then, at the next turn, hands the notification to `outbox`, under a
 * key that makes a repetition `known`. A process that dies anywhere in between is followed by one that does the same again: at most one
 * leaves. `release`: as of `HeldRounds`. Throws what the tables throw.
 */
export async function answerOne(due: DueRequest, release: () => Promise<Date>, deps: AnswererDeps): Promise<void> {
  try {
    const progress = due.state === "sending" ? await send(due, deps) : await settle(due, deps);
    await deps.requests.progress(due, progress, new Date(deps.now()));
    if (progress.state !== "sending") deps.onDone(progress.state);
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    const code = error instanceof RetryLater ? error.code : "failed";
    const again = Math.min(LONGEST_AGAIN_MS, FIRST_AGAIN_MS * 2 ** Math.min(20, due.tries));
    const err = error instanceof RetryLater ? undefined : error;
    deps.log.warn({ mailId: due.mailId, code, state: due.state, err }, "receipt-postponed");
    await deps.requests.postpone(due, await release(), new Date(deps.now() + again));
  }
}

async function settle(due: DueRequest, { settle: ask, languageOf, now }: AnswererDeps): Promise<Progress> {
  const { accountId, mailId, folder, fingerprint, request, state, mode } = due;
  const language = languageOf(accountId);
  const outcome = state === "refusing" ? "refused" : "sent";
  const { messageId } = request;
  const about = { accountId, mailId, folder, fingerprint, ...(messageId === undefined ? {} : { messageId }) };
  const answer = await ask({ op: "settle-receipt", outcome, ...about });
  if (answer.kind !== "receipt") throw new RetryLater("the mail cannot be settled now", { code: "refused" });
  // Where it cannot be marked as refused, nothing is sent all the same.
  if (answer.result !== "settled" && answer.result !== "elsewhere" && outcome === "refused")
    return { state: "refused" };
  switch (answer.result) {
    case "settled": {
      if (outcome === "refused") return { state: "refused" };
      const header = Buffer.from(answer.header ?? "", "base64");
      const { raw } = composeMdn({ accountId, fingerprint, request, mode, header, language, now: now() });
      return { state: "sending", notification: raw };
    }
    case "elsewhere":
    case "gone":
      return { state: answer.result };
    case "no-condstore":
    case "no-keywords":
      return { state: "impossible", reason: answer.result };
    default:
      return answer.result satisfies never;
  }
}

async function send(due: DueRequest, { submit, now, languageOf }: AnswererDeps): Promise<Progress> {
  const { accountId, fingerprint, mailId, at, request, notification, mode } = due;
  const language = languageOf(accountId);
  const composed = composeMdn({ accountId, fingerprint, request, mode, header: Buffer.alloc(0), language, now: now() });
  const sending = {
    key: "mdn",
    kind: "report",
    // RFC 8098 §3: nobody is told of what becomes of it.
    from: null,
    to: composed.to,
    messageId: composed.messageId,
    body: 0,
    cancelsKeep: false,
    hold: false,
    dsn: { notify: ["NEVER"] },
  } as const;
  const head = {
    v: 1,
    accountId,
    address: request.finalRecipient,
    mailId,
    // One for each mail, however often it came.
    fingerprint: `mdn-${mdnName({ accountId, fingerprint, request })}`,
    internalDate: at,
    sendings: [sending],
  } as const;
  const answer = await submit(head, [notification ?? composed.raw]);
  if (answer.kind === "refused") throw new RetryLater(answer.reason, { code: "not-a-submission" });
  const [made] = answer.sendings;
  if (made?.state !== "refused") return { state: "sent" };
  const reason: RequestReason = isReason(made.reason) ? made.reason : "not-sent";
  return { state: "impossible", reason };
}

const isReason = (code: string | undefined): code is RequestReason =>
  code !== undefined && Object.hasOwn(reasonTexts, code);
