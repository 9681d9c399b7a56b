import type { Account } from "@tamis/kit";
import { z } from "zod";

/** `list:NAME`, `KIND:NAME`, `KIND:*` or `*`. */
const PATTERN = /^(?:\*|[A-Za-z][A-Za-z0-9-]{0,39}:\S(?:.*\S)?)$/su;

/** Who may write to which lists: one entry of `console.lists`. */
export const listRight = z
  .strictObject({
    lists: z
      .array(z.string().max(300).regex(PATTERN, "not `list:NAME`, `KIND:NAME`, `KIND:*` or `*`"))
      .min(1)
      .describe("names of lists, `school:0380001A`; `school:*` are all of that kind, `*` all"),
    senders: z
      .union([z.literal("everybody"), z.array(z.string().regex(/^[^\s@]+@[^\s@]+$/, "not a mail address"))])
      .describe("accounts, by their addresses, or `everybody` of `console.senders`"),
  })
  .describe("who may write to which lists");

/** The lists that one sender may write to. */
export interface ListRight {
  /** `list:NAME`, however its letters are written. */
  covers(name: string): boolean;
  /** The kinds that they are of, in small letters; null: any. */
  readonly kinds: readonly string[] | null;
}

/** What nobody named is nobody's: what an operator's command may do for any account, 25,500 people may not do by themselves. */
export function listRights(entries: readonly z.output<typeof listRight>[]): (account: Account) => ListRight {
  return ({ address }) => {
    const own = address.toLowerCase();
    const isTheirs = ({ senders }: (typeof entries)[number]): boolean =>
      senders === "everybody" || senders.some((one) => one.toLowerCase() === own);
    return rightOf(entries.filter(isTheirs).flatMap(({ lists }) => lists.map(keyOf)));
  };
}

/** As `outbox` compares names. */
const keyOf = (name: string): string => name.trim().normalize("NFC").toLowerCase();

const kindOf = (name: string): string => name.slice(0, Math.max(0, name.indexOf(":")));

function rightOf(patterns: readonly string[]): ListRight {
  const named = new Set(patterns);
  return {
    covers(name) {
      const key = keyOf(name);
      return named.has(key) || named.has("*") || named.has(`${kindOf(key)}:*`);
    },
    kinds: named.has("*") ? null : [...new Set(patterns.map(kindOf))],
  };
}
