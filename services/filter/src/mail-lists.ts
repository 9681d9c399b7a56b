import { RetryLater } from "@tamis/bus";
import type { BatchHead } from "@tamis/contracts";
import type { ListFacts, Need } from "@tamis/sieve";
import type { ListRead, Lists } from "./lists.ts";
import { SendingDelayed } from "./sender.ts";
import type { TextName } from "./texts.ts";

/** The external lists, for one mail: what its scripts learn of them stays the same until it is decided on. */
export class MailLists {
  readonly #lists: Lists;
  readonly #head: Pick<BatchHead, "address">;
  readonly #facts = new Map<string, Map<string, boolean> | null>();

  constructor(lists: Lists, head: Pick<BatchHead, "address">) {
    this.#lists = lists;
    this.#head = head;
  }

  get names(): readonly string[] {
    return this.#lists.names;
  }

  get facts(): ReadonlyMap<string, ListFacts | null> {
    return this.#facts;
  }

  /** Looks up what is asked; why it cannot be told, or null. Throws {@link SendingDelayed} while a list cannot be read. */
  async fetch(needs: readonly Need[]): Promise<TextName | null> {
    for (const need of needs) {
      if (need.kind !== "list") continue;
      const read = await this.#read(need.name);
      if (read?.kind === "unusable") return "list-unusable";
      if (read === null) this.#facts.set(need.name, null);
      else this.#note(need.name, need.values, read);
    }
    return null;
  }

  /** Every entry of a list; `unusable` also where it went away since the script asked for it. Throws as {@link fetch}. */
  async members(name: string): Promise<readonly string[] | "unusable"> {
    const read = await this.#read(name);
    return read?.kind === "entries" ? read.entries.members() : "unusable";
  }

  #note(name: string, values: readonly string[], { entries }: Extract<ListRead, { kind: "entries" }>): void {
    const known = this.#facts.get(name) ?? new Map<string, boolean>();
    for (const value of values) known.set(value, entries.has(value));
    this.#facts.set(name, known);
  }

  async #read(name: string): Promise<ListRead | null> {
    try {
      return await this.#lists.of(name, this.#head.address);
    } catch (error) {
      if (!(error instanceof RetryLater)) throw error;
      // The mails beside it need not wait for a list.
      throw new SendingDelayed(error.message, { afterMs: error.afterMs, code: error.code, cause: error });
    }
  }
}
