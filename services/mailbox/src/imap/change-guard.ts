import type { AppendedMail } from "./append.ts";
import type { CopyResult } from "./copy-uid.ts";
import { ServerRefused } from "./server-refused.ts";

/** Told of it when a change was made: `null` where the server refused it. */
export type Made<T> = (result: T | null) => void;

/** Who must know of the changes that a session is about to make, before they are made. */
export interface ChangeGuard {
  /** Mails of the selected folder go into another one, or copies of them. */
  transferring(uids: readonly number[], target: string): Promise<Made<CopyResult>>;
  /** A mail is stored; told of its UID there, 0 where the server does not tell. */
  appending(target: string, mail: AppendedMail): Promise<Made<number>>;
  /** Flags of mails of the selected folder change. */
  storing(uids: readonly number[], sign: "+" | "-", flags: readonly string[]): Promise<Made<true>>;
}

/** Makes a change under the guard, where there is one; `change` throws where the server refuses. */
export async function guarded<T, R extends T>(
  announced: Promise<Made<T>> | undefined,
  change: () => Promise<R>,
): Promise<R> {
  if (announced === undefined) return await change();
  const made = await announced;
  try {
    const result = await change();
    made(result);
    return result;
  } catch (error) {
    if (error instanceof ServerRefused) made(null);
    throw error;
  }
}
