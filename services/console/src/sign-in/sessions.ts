import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Bucket } from "@tamis/bus";
import { z } from "zod";

/** A browser that is signed in. */
export interface Session {
  readonly accountId: string;
  /** What its forms carry, which no other site can know. */
  readonly formToken: string;
}

/** The browsers that are signed in, of all instances together. `RetryLater` while NATS is away. */
export interface Sessions {
  /** What goes into the cookie: the only copy. */
  open(accountId: string): Promise<string>;
  /** null: it is none, ended, or was ended. */
  find(cookie: string): Promise<Session | null>;
  end(cookie: string): Promise<void>;
  /** All browsers of an account. */
  endAll(accountId: string): Promise<void>;
}

const stored = z.object({ v: z.literal(1), accountId: z.string(), formToken: z.string(), until: z.number() });

const COOKIE = /^([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{43})$/;

/** KV holds only the hash of a cookie: whoever reads the bucket is not signed in. `now`: epoch ms. */
export function openSessions(
  bucket: Bucket,
  { lifeMs, now }: { readonly lifeMs: number; readonly now: () => number },
): Sessions {
  return {
    async open(accountId) {
      const cookie = `${accountId}.${randomBytes(32).toString("base64url")}`;
      const key = keyOf(cookie);
      if (key === null) throw new RangeError("an account's id cannot stand in a cookie");
      const session = { v: 1, accountId, formToken: randomBytes(16).toString("base64url"), until: now() + lifeMs };
      await bucket.put(key, Buffer.from(JSON.stringify(session)));
      return cookie;
    },
    async find(cookie) {
      const key = keyOf(cookie);
      const entry = key === null ? null : await bucket.get(key);
      if (entry === null) return null;
      const session = readStored(entry.value);
      if (session === null || session.until <= now() || !cookie.startsWith(`${session.accountId}.`)) return null;
      return { accountId: session.accountId, formToken: session.formToken };
    },
    async end(cookie) {
      const key = keyOf(cookie);
      if (key !== null) await bucket.delete(key);
    },
    async endAll(accountId) {
      for (const key of await bucket.keys(`${accountId}.`)) await bucket.delete(key);
    },
  };
}

function keyOf(cookie: string): string | null {
  const [, accountId, secret] = COOKIE.exec(cookie) ?? [];
  if (accountId === undefined || secret === undefined) return null;
  return `${accountId}.${createHash("sha256").update(secret).digest("hex")}`;
}

function readStored(value: Uint8Array): z.infer<typeof stored> | null {
  try {
    return stored.parse(JSON.parse(Buffer.from(value).toString()));
  } catch {
    return null;
  }
}

/** Whether a form carries the token of the session; the time taken tells nothing of it. */
export function isFormToken({ formToken }: Session, given: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(formToken), hash(given));
}
