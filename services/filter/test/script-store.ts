import type { BucketChange, BusStatus } from "@tamis/bus";
import type { Offer } from "@tamis/offers";
import { type Ability, abilities } from "@tamis/sieve";
import { openScripts } from "../src/scripts.ts";

export const encode = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
export const script = (text: string, version = text) => encode({ v: 1, name: "main", version, text });

/** What there is with everything but these. */
function offerWithout(...missing: readonly Ability[]): Offer {
  const there = new Set(abilities.filter((ability) => !missing.includes(ability)));
  return { id: [...there].join(" "), abilities: there, lists: [], names: [], refused: new Map() };
}

/** A bucket in memory that counts how often it was asked. */
export async function store(kept = 100) {
  const entries = new Map<string, Uint8Array>();
  const unusable: unknown[] = [];
  let onEntry = (_: BucketChange): void => {};
  let onStatus = (_: BusStatus): void => {};
  let gets = 0;
  let now = 0;
  let beforeAnswer = (): void => {};
  const offers = new Map<string | undefined, Offer>();
  const everything = offerWithout();
  const globals = new Map<string, string>();
  const scripts = await openScripts({
    bucket: {
      async get(key) {
        gets++;
        const value = entries.get(key);
        beforeAnswer();
        return value === undefined ? null : { key, value, revision: gets };
      },
      async watch(listener) {
        onEntry = listener;
        return { ready: Promise.resolve(), stop: () => {} };
      },
    },
    drafts: {
      get: async (key) => {
        const value = entries.get(`drafts/${key}`);
        return value === undefined ? null : { key, value, revision: 1 };
      },
    },
    offers: { of: (server) => offers.get(server) ?? everything },
    globals: {
      names: () => [...globals.keys()],
      read: (name) => globals.get(name) ?? null,
      version: () => JSON.stringify([...globals]),
    },
    onStatus: (listener) => {
      onStatus = listener;
      return () => {};
    },
    kept,
    recheckMs: 1000,
    clock: () => now,
    onUnusable: (fields) => unusable.push(fields),
  });
  return {
    globals,
    /** Of an account whose server is not named. */
    scripts: { of: (accountId: string) => scripts.of(accountId, undefined) },
    draft: (key: string, accountId: string) => scripts.draft(key, accountId, undefined),
    draftOn: (key: string, server: string) => scripts.draft(key, "a1", server),
    scriptOn: (accountId: string, server: string) => scripts.of(accountId, server),
    offer: (server: string, ...missing: readonly Ability[]) => void offers.set(server, offerWithout(...missing)),
    unusable,
    gets: () => gets,
    put(key: string, value: Uint8Array) {
      entries.set(key, value);
      onEntry({ key, value, revision: 1 });
    },
    putUnseen: (key: string, value: Uint8Array) => entries.set(key, value),
    reconnect: () => onStatus("reconnected"),
    advance: (ms: number) => {
      now += ms;
    },
    whileReading(act: () => void) {
      beforeAnswer = () => {
        beforeAnswer = () => {};
        act();
      };
    },
  };
}
