import { createHash } from "node:crypto";
import { activeScript, storedScript, storedScriptKey } from "@tamis/contracts";
import type { AccountScripts } from "./tables/copy-source.ts";

const encode = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** What `filter` tells versions apart by: it compiles each once. */
const versionOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** The entries of the bucket `scripts` that an account is to have: key → value. */
export function recordsOf(accountId: string, { scripts }: AccountScripts): ReadonlyMap<string, Uint8Array> {
  const records = new Map<string, Uint8Array>();
  for (const { name, text, at, active } of scripts) {
    records.set(storedScriptKey(accountId, name), encode({ v: 1, name, text, at }));
    if (active) records.set(accountId, encode({ v: 1, name, version: versionOf(text), text }));
  }
  return records;
}

/** accountIds have no dot, so a key names its account. */
export const accountOf = (key: string): string => key.split(".", 1)[0] ?? "";

/** Reads back what only KV has, from before this service ran. Entries that are not as they should be are left out. */
export function scriptsIn(
  accountId: string,
  entries: readonly { readonly key: string; readonly value: Uint8Array }[],
): AccountScripts["scripts"] {
  const values = new Map(entries.map(({ key, value }) => [key, parse(value)]));
  const active = activeScript.safeParse(values.get(accountId)).data;
  values.delete(accountId);
  const stored = [...values.values()].flatMap((value) => storedScript.safeParse(value).data ?? []);
  const scripts = new Map(
    stored.map(({ name, text, at }) => [name, { name, text, at, active: name === active?.name }]),
  );
  // The text that mail is sorted by counts, should the two differ.
  if (active !== undefined)
    scripts.set(active.name, {
      name: active.name,
      text: active.text,
      at: scripts.get(active.name)?.at ?? 0,
      active: true,
    });
  return [...scripts.values()].filter(({ text }) => !text.includes("\0"));
}

function parse(value: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(value));
  } catch {
    return undefined;
  }
}
