import { createHash } from "node:crypto";
import type { Bucket, BucketChange, BusStatus, Watch } from "@tamis/bus";
import { activeScript, draftScript, storedScript, storedScriptKey } from "@tamis/contracts";
import { type GlobalScripts, type IncludedTexts, includedTexts, type Offer, type Offers } from "@tamis/offers";
import { type Compiled, compile, type Program } from "@tamis/sieve";
import { readJson } from "./json.ts";
import type { Fault } from "./layers.ts";
import { withoutDelivery } from "./organisation-script.ts";
import { recentMap } from "./recent-map.ts";

/** The active script of an account, compiled; `program` is null where it cannot be run. */
export interface LoadedScript {
  readonly name: string;
  readonly version: string;
  readonly program: Program | null;
  /** The first of what is wrong with it, told to its owner, where it does not compile: that it requires what is not offered, say. */
  readonly fault?: Fault;
}

/** The active scripts, by account. */
export interface Scripts {
  /**
   * `null`: the account has no active script. `server` is its key in KV `servers`, where it is known: what the server can do
   * decides what the script may require. Throws `RetryLater` while the store cannot be asked.
   */
  of(accountId: string, server: string | undefined, address?: string): Promise<LoadedScript | null>;
  /**
   * A script that is tried on stored mail instead, by its key in KV `drafts`, compiled as the active one is. `null`: it is not, or no
   * longer, there, or another account's.
   */
  draft(key: string, accountId: string, server: string | undefined, address?: string): Promise<LoadedScript | null>;
  /**
   * A stored script of the owner, which runs on IMAP events, compiled for these: what answers a delivery is refused (RFC 6785 §3.11).
   * `null`: the owner has none of that name.
   */
  stored(
    name: string,
    owner: { readonly accountId: string; readonly server: string | undefined; readonly address: string },
  ): Promise<LoadedScript | null>;
  stop(): void;
}

export interface ScriptsOptions {
  readonly bucket: Pick<Bucket, "get" | "watch">;
  readonly drafts: Pick<Bucket, "get">;
  readonly offers: Pick<Offers, "of">;
  readonly globals: GlobalScripts;
  /** Calls back when the connection was lost and came back: a watch may have missed something. */
  readonly onStatus: (listener: (status: BusStatus) => void) => () => void;
  /** Accounts and programs that stay in memory. */
  readonly kept: number;
  readonly recheckMs: number;
  /** Monotonic, ms. */
  readonly clock: () => number;
  /** A stored script that cannot be run, once per version and offer: codes and lines only, never its text. */
  readonly onUnusable: (fields: { readonly accountId: string; readonly codes: readonly string[] }) => void;
}

interface Cached {
  readonly script: LoadedScript | null;
  /** What it was compiled for. */
  readonly offer: Offer;
  /** The version of the global scripts that it was compiled with. */
  readonly globals: string;
  readonly checkedAt: number;
}

interface Load {
  readonly accountId: string;
  readonly offer: Offer;
  /** The entry changed while it was read. */
  changed: boolean;
  script: Promise<LoadedScript | null>;
}

/** Reads scripts when first asked for, compiles each version once for each offer, and forgets an account's when its entry changes. */
export async function openScripts(options: ScriptsOptions): Promise<Scripts> {
  const cache = recentMap<string, Cached>(options.kept);
  const programs = recentMap<string, Compiled>(options.kept);
  /** Few at once, and of one account seldom more than one: two offers may be loaded side by side. */
  const loading = new Set<Load>();

  /** Of each entry, stored scripts too: the active one may include them. */
  const forget = (key: string): void => {
    const [accountId = ""] = key.split(".", 1);
    cache.delete(accountId);
    for (const load of loading) if (load.accountId === accountId) load.changed = true;
  };

  const read = async (accountId: string, offer: Offer): Promise<LoadedScript | null> => {
    const entry = await options.bucket.get(accountId);
    return entry === null ? null : usable({ accountId, offer, value: entry.value }, programs, options);
  };

  /** A change seen while reading means: read again. */
  const follow = async (load: Load): Promise<LoadedScript | null> => {
    const { accountId, offer } = load;
    for (;;) {
      load.changed = false;
      const globals = options.globals.version();
      const script = await read(accountId, offer);
      if (load.changed) continue;
      cache.set(accountId, { script, offer, globals, checkedAt: options.clock() });
      return script;
    }
  };

  const stopStatus = options.onStatus((status) => {
    if (status === "reconnected") cache.clear();
  });
  const watch: Watch = await options.bucket.watch((change: BucketChange) => forget(change.key));

  return {
    async of(accountId, server, address) {
      const offer = options.offers.of(server, address);
      const cached = cache.get(accountId);
      const isFresh = cached !== undefined && options.clock() - cached.checkedAt < options.recheckMs;
      if (isFresh && cached.offer === offer && cached.globals === options.globals.version()) return cached.script;
      for (const load of loading) if (load.accountId === accountId && load.offer === offer) return load.script;
      const load: Load = { accountId, offer, changed: false, script: Promise.resolve(null) };
      loading.add(load);
      load.script = follow(load).finally(() => loading.delete(load));
      return load.script;
    },
    draft: (key, accountId, server, address) =>
      draftOf(key, { accountId, offer: options.offers.of(server, address) }, programs, options),
    stored: (name, { accountId, server, address }) =>
      storedOf(name, { accountId, offer: options.offers.of(server, address) }, programs, options),
    stop() {
      stopStatus();
      watch.stop();
    },
  };
}

interface Programs {
  get(version: string): Compiled | undefined;
  set(version: string, compiled: Compiled): void;
}

async function usable(
  { accountId, offer, value }: { readonly accountId: string; readonly offer: Offer; readonly value: Uint8Array },
  programs: Programs,
  options: ScriptsOptions,
): Promise<LoadedScript> {
  const stored = activeScript.safeParse(readJson(value));
  if (!stored.success) {
    options.onUnusable({ accountId, codes: ["unreadable-record"] });
    return { name: "", version: "", program: null };
  }
  return await compiledFor({ accountId, offer, ...stored.data }, programs, options);
}

/** A draft is compiled once for all the batches of its run: under one key it never changes. */
async function draftOf(
  key: string,
  owner: Pick<OwnScript, "accountId" | "offer">,
  programs: Programs,
  options: ScriptsOptions,
): Promise<LoadedScript | null> {
  const entry = await options.drafts.get(key);
  const { data } = draftScript.safeParse(entry === null ? null : readJson(entry.value));
  if (data?.accountId !== owner.accountId) return null;
  return await compiledFor({ ...owner, name: data.name, version: key, text: data.text }, programs, options);
}

async function storedOf(
  name: string,
  owner: Pick<OwnScript, "accountId" | "offer">,
  programs: Programs,
  options: ScriptsOptions,
): Promise<LoadedScript | null> {
  const text = await textOf(name, owner.accountId, options);
  return text === null ? null : await compiledFor({ ...owner, name, text, event: true }, programs, options);
}

interface OwnScript {
  readonly accountId: string;
  readonly offer: Offer;
  readonly name: string;
  /** Absent: of its text. */
  readonly version?: string;
  readonly text: string;
  /** It runs on IMAP events. */
  readonly event?: boolean;
}

/** Once for each version, offer, and what it includes. */
async function compiledFor(
  { accountId, offer, name, text, version = hashOf(text), event = false }: OwnScript,
  programs: Programs,
  options: ScriptsOptions,
): Promise<LoadedScript> {
  const { globals } = options;
  const included = await includedTexts(text, { read: (other) => textOf(other, accountId, options), globals });
  const key = `${event ? "event " : ""}${version} ${offer.id}${versionOf(included, globals)}`;
  let compiled = programs.get(key);
  if (compiled === undefined) {
    const own = { location: "personal", name } as const;
    const abilities = event ? withoutDelivery(offer.abilities) : offer.abilities;
    const scripts = { scripts: included.source, globalScripts: globals.names() };
    compiled = compile(text, { abilities, ...scripts, name: own });
    programs.set(key, compiled);
    if (!compiled.ok)
      options.onUnusable({ accountId, codes: compiled.diagnostics.map((d) => `${d.code}:${d.span.line}`) });
  }
  if (compiled.ok) return { name, version, program: compiled.program };
  const fault = compiled.diagnostics.find(({ severity }) => severity === "error");
  return { name, version, program: null, ...(fault === undefined ? {} : { fault }) };
}

/** A stored script that the active one includes. */
async function textOf(name: string, accountId: string, { bucket }: ScriptsOptions): Promise<string | null> {
  const entry = await bucket.get(storedScriptKey(accountId, name));
  return entry === null ? null : (storedScript.safeParse(readJson(entry.value)).data?.text ?? null);
}

/** What is included belongs to the version; mostly it is nothing, and costs nothing. */
function versionOf({ texts }: IncludedTexts, globals: GlobalScripts): string {
  if (texts.length === 0) return "";
  // Where a global script is missing its owner is told which there are.
  const isMissing = texts.some(({ location, text }) => location === "global" && text === null);
  const said = JSON.stringify(isMissing ? [texts, globals.names()] : texts);
  return ` ${hashOf(said)}`;
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
