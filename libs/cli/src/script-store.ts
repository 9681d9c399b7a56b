import { createHash } from "node:crypto";
import type { Bucket } from "@tamis/bus";
import { type ActiveScript, activeScript, type StoredScript, storedScript, storedScriptKey } from "@tamis/contracts";
import { parseJson } from "./json.ts";

/** A stored script as `list` shows it. */
export interface ListedScript {
  readonly name: string;
  readonly bytes: number;
  /** Epoch ms of the last `put`. */
  readonly at: number;
  readonly active: boolean;
}

type ScriptBucket = Pick<Bucket, "get" | "put" | "keys" | "delete">;

/** The scripts of one account (RFC 5804 §1.4: many scripts, at most one active). */
export interface ScriptStore {
  list(): Promise<readonly ListedScript[]>;
  get(name: string): Promise<StoredScript | null>;
  /** Stores; replacing the active script takes effect at once (RFC 5804 §2.6). */
  put(name: string, text: string): Promise<{ readonly active: boolean }>;
  /** `false`: there is no such script. */
  activate(name: string): Promise<boolean>;
  deactivate(): Promise<void>;
  /** RFC 5804 §2.10: the active script is not deleted. */
  delete(name: string): Promise<"deleted" | "missing" | "active">;
}

/** RFC 5804 §1.6: 1 to 128 characters here, without control characters. */
export function isScriptName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  return name.length > 0 && name.length <= 128 && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(name);
}

/** What `filter` tells versions apart by. */
export const versionOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** In the KV bucket `scripts`: where the service `scripts` does not run, that is all there is. */
export function scriptStore(bucket: ScriptBucket, accountId: string, now: () => number): ScriptStore {
  const read = async (key: string): Promise<unknown> => {
    const entry = await bucket.get(key);
    return entry === null ? null : parseJson(entry.value);
  };
  const write = (key: string, value: StoredScript | ActiveScript): Promise<number> =>
    bucket.put(key, new TextEncoder().encode(JSON.stringify(value)));
  const get = async (name: string): Promise<StoredScript | null> =>
    storedScript.nullable().parse(await read(storedScriptKey(accountId, name)));
  const active = async (): Promise<ActiveScript | null> => activeScript.nullable().parse(await read(accountId));
  const makeActive = (name: string, text: string): Promise<number> =>
    write(accountId, { v: 1, name, version: versionOf(text), text });

  return {
    get,
    async list() {
      const current = await active();
      const listed: ListedScript[] = [];
      for (const key of await bucket.keys(`${accountId}.s.`)) {
        const stored = storedScript.safeParse(await read(key));
        if (!stored.success) continue;
        const { name, text, at } = stored.data;
        listed.push({ name, bytes: Buffer.byteLength(text), at, active: current?.name === name });
      }
      return listed.sort((a, b) => a.name.localeCompare(b.name));
    },
    async put(name, text) {
      await write(storedScriptKey(accountId, name), { v: 1, name, text, at: now() });
      const isActive = (await active())?.name === name;
      if (isActive) await makeActive(name, text);
      return { active: isActive };
    },
    async activate(name) {
      const stored = await get(name);
      if (stored === null) return false;
      await makeActive(name, stored.text);
      return true;
    },
    async deactivate() {
      await bucket.delete(accountId);
    },
    async delete(name) {
      if ((await active())?.name === name) return "active";
      if ((await get(name)) === null) return "missing";
      await bucket.delete(storedScriptKey(accountId, name));
      return "deleted";
    },
  };
}
