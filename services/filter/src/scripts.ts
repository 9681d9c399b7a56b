import type { Bucket, BucketChange, BusStatus, Watch } from "@tamis/bus";
import { activeScript } from "@tamis/contracts";
import { type Compiled, type CompileOptions, compile, type Program } from "@tamis/sieve";
import { readJson } from "./json.ts";
import { recentMap } from "./recent-map.ts";

/** The active script of an account, compiled; `program` is null where it cannot be run. */
export interface LoadedScript {
  readonly name: string;
  readonly version: string;
  readonly program: Program | null;
}

/** The active scripts, by account. */
export interface Scripts {
  /** `null`: the account has no active script. Throws `RetryLater` while the store cannot be asked. */
  of(accountId: string): Promise<LoadedScript | null>;
  stop(): void;
}

export interface ScriptsOptions {
  readonly bucket: Pick<Bucket, "get" | "watch">;
  /** Calls back when the connection was lost and came back: a watch may have missed something. */
  readonly onStatus: (listener: (status: BusStatus) => void) => () => void;
  /** Accounts and programs that stay in memory. */
  readonly kept: number;
  readonly recheckMs: number;
  readonly compileOptions: CompileOptions;
  /** Monotonic, ms. */
  readonly clock: () => number;
  /** A stored script that cannot be run, once per version: codes and lines only, never its text. */
  readonly onUnusable: (fields: { readonly accountId: string; readonly codes: readonly string[] }) => void;
}

interface Cached {
  readonly script: LoadedScript | null;
  readonly checkedAt: number;
}

/** Reads scripts when first asked for, compiles each version once, and forgets an account's when its entry changes. */
export async function openScripts(options: ScriptsOptions): Promise<Scripts> {
  const cache = recentMap<string, Cached>(options.kept);
  const programs = recentMap<string, Compiled>(options.kept);
  const loading = new Map<string, { changed: boolean; readonly script: Promise<LoadedScript | null> }>();

  const forget = (accountId: string): void => {
    cache.delete(accountId);
    const load = loading.get(accountId);
    if (load !== undefined) load.changed = true;
  };

  const read = async (accountId: string): Promise<LoadedScript | null> => {
    const entry = await options.bucket.get(accountId);
    return entry === null ? null : usable(accountId, entry.value, programs, options);
  };

  /** A change seen while reading means: read again. */
  const load = async (accountId: string): Promise<LoadedScript | null> => {
    for (;;) {
      const script = await read(accountId);
      const state = loading.get(accountId);
      if (state?.changed !== true) {
        cache.set(accountId, { script, checkedAt: options.clock() });
        return script;
      }
      state.changed = false;
    }
  };

  const stopStatus = options.onStatus((status) => {
    if (status === "reconnected") cache.clear();
  });
  const watch: Watch = await options.bucket.watch((change: BucketChange) => forget(change.key));

  return {
    async of(accountId) {
      const cached = cache.get(accountId);
      if (cached !== undefined && options.clock() - cached.checkedAt < options.recheckMs) return cached.script;
      const running = loading.get(accountId);
      if (running !== undefined) return running.script;
      const script = Promise.resolve()
        .then(() => load(accountId))
        .finally(() => loading.delete(accountId));
      loading.set(accountId, { changed: false, script });
      return script;
    },
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

function usable(accountId: string, value: Uint8Array, programs: Programs, options: ScriptsOptions): LoadedScript {
  const stored = activeScript.safeParse(readJson(value));
  if (!stored.success) {
    options.onUnusable({ accountId, codes: ["unreadable-record"] });
    return { name: "", version: "", program: null };
  }
  const { name, version, text } = stored.data;
  let compiled = programs.get(version);
  if (compiled === undefined) {
    compiled = compile(text, options.compileOptions);
    programs.set(version, compiled);
    if (!compiled.ok)
      options.onUnusable({ accountId, codes: compiled.diagnostics.map((d) => `${d.code}:${d.span.line}`) });
  }
  return { name, version, program: compiled.ok ? compiled.program : null };
}
