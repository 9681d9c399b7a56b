import type { Bucket } from "@tamis/bus";
import { draftScript } from "@tamis/contracts";
import { type CompileOptions, compile } from "@tamis/sieve";
import { readJson } from "./json.ts";
import { recentMap } from "./recent-map.ts";
import type { LoadedScript } from "./scripts.ts";

/** Scripts that are tried on stored mail. */
export interface Drafts {
  /** `null`: there is no such draft of this account, or no more. Throws `RetryLater` while the store cannot be asked. */
  of(key: string, accountId: string): Promise<LoadedScript | null>;
}

export interface DraftsOptions {
  readonly bucket: Pick<Bucket, "get">;
  readonly compileOptions: CompileOptions;
}

/** Runs under way at once, over all accounts; a run's draft is read again where there are more. */
const KEPT = 32;

/** A draft is read and compiled once for all the batches of its run: it never changes. */
export function openDrafts({ bucket, compileOptions }: DraftsOptions): Drafts {
  const known = recentMap<string, { readonly accountId: string; readonly script: LoadedScript }>(KEPT);
  return {
    async of(key, accountId) {
      let draft = known.get(key);
      if (draft === undefined) {
        const entry = await bucket.get(key);
        const stored = draftScript.safeParse(entry === null ? null : readJson(entry.value));
        if (!stored.success) return null;
        const compiled = compile(stored.data.text, compileOptions);
        const { name } = stored.data;
        const script = { name, version: key, program: compiled.ok ? compiled.program : null };
        draft = { accountId: stored.data.accountId, script };
        known.set(key, draft);
      }
      return draft.accountId === accountId ? draft.script : null;
    },
  };
}
