import type { ListNote } from "@tamis/contracts";
import { ListFault } from "./list-fault.ts";
import type { ListRead, ListReader, Member } from "./list-reader.ts";

/** How much lists may hold. */
export interface ListLimits {
  /** Lists within lists. */
  readonly depth: number;
  /** Addresses of one request. */
  readonly members: number;
}

/** A source with all that is in it, nested lists included. */
export interface ResolvedSource {
  /** As it was asked for. */
  readonly source: string;
  /** Each mailbox once, in their order. */
  readonly members: readonly Member[];
  /** Lists that were read, itself included. */
  readonly lists: number;
  /** 1 where it holds no other. */
  readonly depth: number;
  readonly notes: readonly ListNote[];
}

interface Resolving {
  readonly reader: Pick<ListReader, "read">;
  readonly limits: ListLimits;
  /** What is the same for the same mailbox. */
  readonly mailboxOf: (address: string) => string;
}

/** Reads sources and all lists in them. A list that holds itself is read once, and that is noted. Throws a {@link ListFault} for all of them together. */
export async function resolveLists(
  sources: readonly string[],
  resolving: Resolving,
): Promise<readonly ResolvedSource[]> {
  const resolved: ResolvedSource[] = [];
  let left = resolving.limits.members;
  for (const source of sources) {
    const one = await new Walk({ ...resolving, limits: { ...resolving.limits, members: left } }).of(source);
    left -= one.members.length;
    resolved.push(one);
  }
  return resolved;
}

/** A list on the way to another, with all its names in small letters. */
interface Visited {
  readonly name: string;
  readonly keys: readonly string[];
}

class Walk {
  readonly #resolving: Resolving;
  readonly #members = new Map<string, Member>();
  /** Lists that were read, by their names in small letters. */
  readonly #read = new Set<string>();
  readonly #cycles: (readonly string[])[] = [];
  #lists = 0;
  #gone = 0;
  #noAddress = 0;
  #depth = 0;

  constructor(resolving: Resolving) {
    this.#resolving = resolving;
  }

  async of(source: string): Promise<ResolvedSource> {
    await this.#visit(source, []);
    return {
      source,
      members: [...this.#members.values()],
      lists: this.#lists,
      depth: this.#depth,
      notes: [
        ...this.#cycles.map((path) => ({ kind: "cycle", path }) as const),
        ...(this.#gone === 0 ? [] : [{ kind: "gone", count: this.#gone } as const]),
        ...(this.#noAddress === 0 ? [] : [{ kind: "no-address", count: this.#noAddress } as const]),
      ],
    };
  }

  async #visit(name: string, above: readonly Visited[]): Promise<void> {
    const key = name.toLowerCase();
    const names = [...above.map((one) => one.name), name];
    const turn = above.findIndex(({ keys }) => keys.includes(key));
    if (turn !== -1) {
      this.#cycles.push(names.slice(turn));
      return;
    }
    // By two ways into the same list: its members are here already.
    if (this.#read.has(key)) return;
    if (names.length > this.#resolving.limits.depth)
      throw new ListFault("too-deep", names[0] ?? name, { detail: names.join(" → ") });
    const { members, nested, alias, gone, noAddress } = await this.#resolving.reader.read(name);
    const keys = alias === null ? [key] : [key, alias.toLowerCase()];
    const isKnown = keys.some((one) => this.#read.has(one));
    for (const one of keys) this.#read.add(one);
    if (isKnown) return;
    this.#lists++;
    this.#depth = Math.max(this.#depth, names.length);
    this.#add(members, names[0] ?? name);
    this.#gone += gone;
    this.#noAddress += noAddress;
    for (const one of nested) await this.#visit(one, [...above, { name, keys }]);
  }

  #add(members: ListRead["members"], source: string): void {
    for (const member of members) {
      const mailbox = this.#resolving.mailboxOf(member.address);
      if (!this.#members.has(mailbox)) this.#members.set(mailbox, member);
    }
    if (this.#members.size > this.#resolving.limits.members) throw new ListFault("too-many", source);
  }
}
