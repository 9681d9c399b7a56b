import type { Objects } from "@tamis/store";
import { readLink, type TokenKeys } from "@tamis/tokens";

/** What links of circulars lead to. */
export interface LinkedFiles {
  /** Keys of the links; null: `outbox` has told of none yet. */
  readonly keys: () => TokenKeys | null;
  readonly objects: Pick<Objects, "get">;
  /** Handed out at once. */
  readonly atOnce: number;
  /** Epoch ms. */
  readonly now: () => number;
  /** The store cannot be read: its own word for why. */
  readonly onTrouble: (code: string) => void;
}

/** The name of the object that a link leads to; null where it is no link, or over. */
export function objectOf(
  { token, filename }: { readonly token: string; readonly filename: string },
  keys: TokenKeys,
  now: number,
): string | null {
  const link = readLink(token, filename, keys);
  return link !== null && now < link.expiresAt ? link.object : null;
}
