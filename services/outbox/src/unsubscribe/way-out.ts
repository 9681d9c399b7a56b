import type { CircularDraftHead } from "@tamis/contracts";
import { canonicalMailbox } from "../smtp/address.ts";

type Listed = Pick<CircularDraftHead, "from" | "listId" | "unsubscribe">;

/**
 * The list of a circular, as it is compared: its List-Id without the words before it (RFC 2919 §3, §6), or the sender of one that can be left and
 * names no list; null: nobody can leave it.
 */
export function listOf({ from, listId, unsubscribe }: Listed): string | null {
  if (listId === undefined) return unsubscribe === undefined ? null : canonicalMailbox(from.address);
  const [, id = listId] = /<([^<>]*)>\s*$/.exec(listId) ?? [];
  return id.trim().toLowerCase();
}

/** The draft with the way to leave its list that this installation offers; one of its own stays. `base`: `https://console.example.org`. */
export function withWayOut<Head extends Listed>(head: Head, base: string | null): Head {
  if (base === null || head.listId === undefined || head.unsubscribe !== undefined) return head;
  return { ...head, unsubscribe: { url: `${base}/u/{token}` } };
}
