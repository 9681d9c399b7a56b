import { setTimeout as delay, setImmediate } from "node:timers/promises";
import { type GlobalScripts, includedTexts, type Offer } from "@tamis/offers";
import { compile, refusedBy } from "@tamis/sieve";
import type { CopySource } from "./tables/copy-source.ts";

export interface RecheckOptions {
  readonly source: Pick<CopySource, "accounts" | "read">;
  readonly offerOf: (accountId: string) => Pick<Offer, "abilities">;
  readonly globals: Pick<GlobalScripts, "read">;
  /** Calls back when what is offered is news; the answer ends it. */
  readonly onChange: (listener: () => void) => () => void;
  /** From one look to the next, ms: backends behind one name may differ, and be news each minute. */
  readonly restMs: number;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, event: string): void };
}

const PAGE = 500;

/**
 * Looks at every active script, now and whenever what is offered is news: which of them require what is not offered to their
 * accounts any more. `filter` keeps the mail of these; here the operator is told, once for each. The answer ends it.
 */
export function recheckScripts(options: RecheckOptions): () => Promise<void> {
  const recheck = new Recheck(options);
  recheck.ask();
  const forget = options.onChange(() => recheck.ask());
  return async () => {
    forget();
    await recheck.stop();
  };
}

class Recheck {
  readonly #options: RecheckOptions;
  #told: ReadonlySet<string> = new Set();
  #asked = false;
  readonly #stopping = new AbortController();
  #running: Promise<void> | null = null;

  constructor(options: RecheckOptions) {
    this.#options = options;
  }

  /** One look at a time; what changes during one makes another follow. */
  ask(): void {
    this.#asked = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (this.#asked && !signal.aborted) {
      this.#asked = false;
      try {
        await this.#look();
      } catch (err) {
        this.#options.log.warn({ err }, "scripts-recheck-failed");
      }
      await delay(this.#options.restMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  async #look(): Promise<void> {
    const found = new Set<string>();
    for (let after = "", left = true; left; ) {
      const page = await this.#options.source.accounts(after, PAGE);
      for (const accountId of page) {
        if (this.#stopping.signal.aborted) return;
        await this.#lookAt(accountId, found);
        // Tens of thousands of scripts: owners are answered in between.
        await setImmediate();
      }
      after = page.at(-1) ?? "";
      left = page.length === PAGE;
    }
    this.#told = found;
  }

  async #lookAt(accountId: string, found: Set<string>): Promise<void> {
    const { source, offerOf, globals, log } = this.#options;
    const scripts = (await source.read(accountId))?.scripts ?? [];
    const active = scripts.find((script) => script.active);
    if (active === undefined) return;
    const read = async (name: string) => scripts.find((script) => script.name === name)?.text ?? null;
    const included = await includedTexts(active.text, { read, globals });
    const texts = [active.text, ...included.texts.flatMap(({ text }) => text ?? [])];
    for (const extension of refusedIn(texts, offerOf(accountId))) {
      const told = `${accountId} ${extension}`;
      found.add(told);
      if (!this.#told.has(told)) log.warn({ accountId, extension }, "script-no-longer-offered");
    }
  }
}

/** What any of the texts requires and may not, each once. */
function refusedIn(texts: readonly string[], { abilities }: Pick<Offer, "abilities">): ReadonlySet<string> {
  const compiled = texts.map((text) => compile(text, { abilities }));
  return new Set(compiled.flatMap((one) => (one.ok ? [] : refusedBy(one.diagnostics))));
}
