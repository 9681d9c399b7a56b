import type { Bus } from "@tamis/bus";
import { askCirculars } from "@tamis/circulars";
import { type ReportedRecipient, receiptsAnswer, subjects } from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";
import type { CheckOptions, Tally } from "../check-options.ts";
import type { Language } from "../language.ts";
import { STAFF } from "../mails/sample.ts";
import { placesByMessageId } from "../places.ts";
import { SETTLE_SECONDS, untilSettled } from "../until-settled.ts";
import { FORMER, READER, recipients, SENDER, sendCircular } from "./send-circular.ts";

/** From scheduling to leaving. */
const SOON_MS = 5_000;
const POLL = { timeoutMs: SETTLE_SECONDS * 1_000, intervalMs: 100 };
const ASK_MS = 10_000;

type Asking = { readonly bus: Pick<Bus, "request">; readonly accountId: string; readonly id: string };

/** What the report of a circular says of each recipient. */
async function reportOf({ bus, accountId, id }: Asking): Promise<readonly ReportedRecipient[]> {
  const answer = await askCirculars(bus, { op: "report", accountId, id, limit: 1000 }, "reported");
  return answer.kind === "reported" ? answer.recipients : [];
}

async function isDone({ bus, accountId, id }: Asking): Promise<boolean> {
  const answer = await askCirculars(bus, { op: "status", accountId, id }, "circular");
  return answer.kind === "circular" && answer.circular.state === "done";
}

/** Addresses of which a report said that the mail could not be delivered, or that it was displayed. */
async function reportedAs(
  state: "failed" | "displayed",
  { bus, accountId, id }: Asking,
  language: Language,
): Promise<readonly (string | null)[]> {
  const asked = { accountId, as: "owner", language, circularId: id, states: [state], limit: 1000 };
  const question = Buffer.from(JSON.stringify({ op: "list", ...asked }));
  const { payload } = await bus.request(subjects.receiptsAsk, question, { timeoutMs: ASK_MS });
  const answer = receiptsAnswer.parse(JSON.parse(Buffer.from(payload).toString()));
  return answer.kind === "listed" ? answer.receipts.map(({ address }) => address) : [];
}

type Looking = Pick<CheckOptions, "accounts" | "texts" | "view"> & {
  readonly stack: Pick<CheckOptions["stack"], "dovecot">;
};

/** Whether each recipient's mail was accepted, and is in the mailbox once, wherever a rule filed it. */
async function checkCopies({ stack, accounts, texts, view }: Looking, report: readonly ReportedRecipient[]) {
  const byAddress = new Map(report.map((one) => [one.address, one]));
  let right = 0;
  for (const { address } of recipients()) {
    const { state, messageId } = byAddress.get(address) ?? {};
    const has = accounts.some((account) => account.address === address);
    const places = has ? await placesByMessageId(stack.dovecot, address) : null;
    const copies = places?.get(messageId ?? "")?.length ?? 0;
    if (state === "accepted" && copies === (has ? 1 : 0)) right += 1;
    else
      view.print(
        texts.circularWrong(address, state === undefined ? texts.nothing : texts.sendingStates[state], copies),
      );
  }
  return right;
}

/**
 * Sends a circular to the school, waits until it is done, and looks whether each recipient has it once, the report says so, the one
 * whose mailbox is no more is known to have failed, and the one who opened it to have read it.
 */
export async function checkCircular(options: CheckOptions, language: Language): Promise<Tally> {
  const { stack, accounts, view, texts, signal } = options;
  const { bus } = stack;
  const sender = accounts.find(({ local }) => local === SENDER);
  if (sender === undefined) throw new Error(`no account ${SENDER}`);
  view.print(texts.sendingCircular(recipients().length));
  const id = await sendCircular({ bus, sender, language, delayMs: SOON_MS });
  const asking: Asking = { bus, accountId: sender.id, id };
  const until = async (holds: () => Promise<boolean>, what: string): Promise<boolean> => {
    const reached = await waitFor(async () => signal.aborted || (await holds()), POLL).then(
      () => true,
      () => false,
    );
    signal.throwIfAborted();
    if (!reached) view.print(what);
    return reached;
  };
  await until(() => isDone(asking), texts.circularLate(SETTLE_SECONDS));
  await untilSettled(options);
  const copies = await checkCopies(options, await reportOf(asking));
  const [former, reader] = [`${FORMER}@${STAFF}`, `${READER}@${STAFF}`];
  const isReported = (state: "failed" | "displayed", address: string, what: string): Promise<boolean> =>
    until(async () => (await reportedAs(state, asking, language)).join() === address, what);
  const reports = [
    await isReported("failed", former, texts.noReceipt(former)),
    await isReported("displayed", reader, texts.notRead(reader)),
  ];
  return { right: copies + reports.filter(Boolean).length, all: recipients().length + reports.length };
}
