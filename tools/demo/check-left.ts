import type { Bus } from "@tamis/bus";
import type { ListedSending } from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";
import type { CheckOptions, Tally } from "./check-options.ts";
import { ledgerOf } from "./ledger.ts";
import type { Leaving } from "./mails/sample.ts";
import { samples } from "./mails.ts";
import { placesByMessageId } from "./places.ts";
import type { Texts } from "./texts.ts";
import type { View } from "./view.ts";

/** What is to leave of one account, or of all. */
const wantedOf = (local?: string): readonly Leaving[] =>
  samples.flatMap(({ to, want }) => ((local === undefined || to === local) && want.leaves ? [want.leaves] : []));

const leavingText = ({ kind, to }: Leaving, texts: Texts): string => `${texts.sendingKinds[kind]} → ${to}`;

function sendingText({ kind, to, state }: ListedSending, texts: Texts): string {
  const text = `${texts.sendingKinds[kind]} → ${to}`;
  return state === "accepted" ? text : `${text} (${texts.sendingStates[state]})`;
}

type Comparison = { readonly account: string; readonly wanted: readonly string[]; readonly found: readonly string[] };

type LeftOptions = Pick<CheckOptions, "accounts" | "texts" | "signal"> & {
  readonly bus: Pick<Bus, "request">;
  readonly view: Pick<View, "print">;
};

/** The whole ledger of each account beside what is to leave: neither more nor less, and all of it accepted. */
async function comparisons({ bus, accounts, texts }: LeftOptions): Promise<readonly Comparison[]> {
  const compare = async ({ id, local }: CheckOptions["accounts"][number]): Promise<Comparison> => ({
    account: local,
    wanted: wantedOf(local)
      .map((one) => leavingText(one, texts))
      .toSorted(),
    found: (await ledgerOf(bus, id)).map((one) => sendingText(one, texts)).toSorted(),
  });
  return Promise.all(accounts.map(compare));
}

const isRight = ({ wanted, found }: Comparison): boolean => wanted.join("\n") === found.join("\n");

/** Waits until what is to leave has left, and says what is not as it must be. Something too much counts as wrong too. */
export async function checkLeft(options: LeftOptions, timeoutMs: number): Promise<Tally> {
  const { view, texts, signal } = options;
  let last: readonly Comparison[] = [];
  const done = async (): Promise<boolean> => {
    signal.throwIfAborted();
    last = await comparisons(options);
    return last.every(isRight);
  };
  await waitFor(done, { timeoutMs, intervalMs: 100 }).catch(() => signal.throwIfAborted());
  for (const one of last.filter((each) => !isRight(each))) {
    const listed = (lines: readonly string[]): string => lines.join(", ") || texts.nothing;
    view.print(texts.leftWrong({ account: one.account, wanted: listed(one.wanted), found: listed(one.found) }));
  }
  return {
    right: last.filter(isRight).reduce((sum, { wanted }) => sum + wanted.length, 0),
    all: last.reduce((sum, { wanted, found }) => sum + Math.max(wanted.length, found.length), 0),
  };
}

/** Looks over IMAP whether what left for a mailbox of the school is there, each once. */
export async function checkReturned({ stack, accounts, returned, view, texts }: CheckOptions): Promise<Tally> {
  let [right, all] = [0, 0];
  for (const { address } of accounts) {
    const wanted = wantedOf().filter(({ to }) => to === address).length;
    const ids = returned.filter(({ to }) => to === address).map(({ messageId }) => messageId);
    all += Math.max(wanted, ids.length);
    const places = await placesByMessageId(stack.dovecot, address);
    const found = ids.map((id) => places.get(id)?.length ?? 0);
    if (found.length === wanted && found.every((count) => count === 1)) right += wanted;
    else
      view.print(texts.returnedWrong(address, wanted, found.map((count) => `${count}×`).join(", ") || texts.nothing));
  }
  return { right, all };
}
