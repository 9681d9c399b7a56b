import type { Bus } from "@tamis/bus";
import type { Receipt, ReceiptsAnswer } from "@tamis/contracts";
import type { Account } from "@tamis/kit";
import { askReceipts } from "./ask-receipts.ts";
import { CommandFailure } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";

interface Followed {
  readonly bus: Bus;
  readonly account: Account;
  readonly io: Surroundings;
  readonly circularId: string;
}

/** What is known of how many; null where this installation does not show it. */
export type ReceiptCounts = Extract<ReceiptsAnswer, { readonly kind: "counts" }>;

/** Recipients of one page. */
const MOST = 1000;

const asked = ({ account, io, circularId }: Followed) =>
  ({ accountId: account.id, as: "operator", language: io.locale, circularId }) as const;

/** Counts of the receipts of a circular; a refusal is told by its words. Nobody there is a {@link CommandFailure}. */
export async function countReceipts(followed: Followed): Promise<ReceiptCounts | { readonly refused: string }> {
  const answer = await askReceipts(followed.bus, { op: "counts", ...asked(followed) }, followed.io);
  if (answer.kind === "counts") return answer;
  if (answer.kind === "refused") return { refused: answer.reason };
  throw new CommandFailure(followed.io.say("receipts.failed"));
}

/** The receipts of a circular, asked for page by page in the order of their recipients' numbers. */
export class CircularReceipts {
  readonly #followed: Followed;
  readonly #ahead = new Map<string, Receipt>();
  /** null: there are no more. */
  #next: string | null | undefined;
  #reached = 0;
  /** Why none is shown. */
  refused: string | null = null;

  constructor(followed: Followed) {
    this.#followed = followed;
  }

  /** Those of these recipients, by number; to be asked in the order of the numbers. A recipient without one was not told of (yet). */
  async of(recipients: readonly { readonly id: string }[]): Promise<ReadonlyMap<string, Receipt>> {
    const last = Math.max(0, ...recipients.map(({ id }) => Number(id)));
    while (this.#next !== null && this.#reached < last) await this.#ask();
    const found = new Map<string, Receipt>();
    for (const [id, receipt] of this.#ahead) {
      if (Number(id) > last) break;
      found.set(id, receipt);
      this.#ahead.delete(id);
    }
    return found;
  }

  async #ask(): Promise<void> {
    const { bus, io } = this.#followed;
    const after = this.#next === undefined ? {} : { after: this.#next ?? "" };
    const answer = await askReceipts(bus, { op: "list", ...asked(this.#followed), limit: MOST, ...after }, io);
    if (answer.kind === "refused") this.refused = answer.reason;
    const { receipts, next } = answer.kind === "listed" ? answer : { receipts: [], next: null };
    for (const receipt of receipts) this.#ahead.set(receipt.id, receipt);
    this.#reached = Number(receipts.at(-1)?.id ?? 0);
    this.#next = next;
  }
}
