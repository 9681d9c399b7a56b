import { type Bus, type Consumption, Reject, RetryLater, submit } from "@tamis/bus";
import {
  EVENTS,
  type Fact,
  MAIL_READ_DURABLE,
  type MailboxAnswer,
  type MailboxAsk,
  mailboxAnswer,
  mailRead,
  metrics,
  partitionOf,
  RECEIPT_ASKED_DURABLE,
  receiptAsked,
  subjects,
} from "@tamis/contracts";
import { type AccountLanguages, type ServiceContext, sectionNames, watchLanguages } from "@tamis/kit";
import { HeldRounds, type Store } from "@tamis/store";
import type { receiptsConfig } from "../config.ts";
import { pageOfRequests } from "../tables/request-views.ts";
import { openRequests, type Requests } from "../tables/requests.ts";
import type { Tables } from "../tables/schema.ts";
import { type AnswererDeps, answerOne } from "./answerer.ts";
import type { RequestAskDeps } from "./on-request-ask.ts";

type Service = Pick<ServiceContext<{ readonly receipts: typeof receiptsConfig }>, "settings" | "bus" | "log" | "meter">;

/** Receipts that others ask of our users. */
export interface Answers {
  readonly askDeps: RequestAskDeps;
  readonly requests: Requests;
  /** Waits for what is under way. */
  stop(): Promise<void>;
}

const ACK_WAIT_MS = 30_000;
const AT_ONCE = 4;
const ASK_MS = 30_000;

/** Facts → tables → `$MDNSent` by `mailbox` → `outbox`. Where nothing is sent from here, nothing is awaited. */
export async function startAnswers(service: Service, store: Store<Tables>): Promise<Answers> {
  const { settings, bus, log } = service;
  const { policy, inside, language: otherwise, again_seconds: againSeconds } = settings.receipts.answers;
  const languages = watchLanguages(settings.file, { otherwise, log });
  const sends = sectionNames(settings.file).includes("outbox");
  const requests = openRequests(store, { policy, inside }, () => rounds.wake());
  const deps = answererDeps(service, requests, languages);
  const rounds = new HeldRounds({
    queue: requests,
    idOf: ({ id }) => id,
    accountOf: ({ accountId }) => accountId,
    carryOut: (due, release) => answerOne(due, release, deps),
    failed: "receipts-not-answered",
    lookMs: againSeconds * 1_000,
    now: () => new Date(),
    log,
  });
  const consumptions = sends ? await takeFacts(bus, requests) : [];
  if (sends) rounds.start();
  return {
    requests,
    askDeps: { requests, page: (page) => pageOfRequests(store, page), now: () => new Date() },
    stop: async () => {
      await Promise.all(consumptions.map((one) => one.stop()));
      await rounds.stop();
      languages.stop();
    },
  };
}

async function takeFacts(bus: Bus, requests: Requests): Promise<readonly Consumption[]> {
  const take = async <T>(durable: string, fact: Fact<T>, handle: (value: T) => Promise<void>): Promise<Consumption> => {
    await bus.ensureConsumer(EVENTS.name, durable, {
      filter: `event.*.${fact.name}`,
      ackWaitMs: ACK_WAIT_MS,
      maxAckPending: 2 * AT_ONCE,
    });
    return bus.consume({
      stream: EVENTS.name,
      durable,
      concurrency: AT_ONCE,
      handle: async ({ payload }) => handle(readFact(fact, payload)),
    });
  };
  return [
    await take(RECEIPT_ASKED_DURABLE, receiptAsked, (fact) => requests.asked(fact, new Date())),
    await take(MAIL_READ_DURABLE, mailRead, (fact) => requests.read(fact, new Date())),
  ];
}

function readFact<T>({ name, schema }: Fact<T>, payload: Uint8Array): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(payload).toString()));
  } catch (cause) {
    throw new Reject(`the message is no fact ${name}`, { code: "bad-fact", cause });
  }
}

function answererDeps({ bus, log, meter }: Service, requests: Requests, languages: AccountLanguages): AnswererDeps {
  const done = meter.createCounter(metrics.receiptAnswers, { unit: "{request}", description: "Receipts settled" });
  return {
    requests,
    settle: (ask) => askMailbox(bus, ask),
    submit: (head, bodies) => submit(bus, head, bodies, { timeoutMs: ASK_MS }),
    languageOf: languages.of,
    now: () => Date.now(),
    log,
    onDone: (state) => done.add(1, { state }),
  };
}

async function askMailbox(bus: Pick<Bus, "request">, ask: MailboxAsk): Promise<MailboxAnswer> {
  const payload = Buffer.from(JSON.stringify(ask));
  const reply = await bus.request(subjects.mailboxAsk(partitionOf(ask.accountId)), payload, { timeoutMs: ASK_MS });
  const parsed = mailboxAnswer.safeParse(JSON.parse(Buffer.from(reply.payload).toString()));
  if (parsed.success) return parsed.data;
  throw new RetryLater("mailbox gave an answer that is none", { code: "failed", cause: parsed.error });
}
