import type { Limits } from "../limits.ts";
import { limitTable } from "../limits.ts";

interface Setting {
  /** As it is written; looked up without case. */
  readonly key: string;
  readonly value: string;
}

/** Settings by the names that test files use; a change counts from the next reload on. */
export class SuiteSettings {
  readonly #staged = new Map<string, Setting>();
  #active: ReadonlyMap<string, Setting> = new Map();

  set(key: string, value: string): void {
    this.#staged.set(key.trim().toLowerCase(), { key: key.trim(), value: value.trim() });
  }

  unset(key: string): void {
    this.#staged.delete(key.trim().toLowerCase());
  }

  reload(): void {
    this.#active = new Map(this.#staged);
  }

  /** The value in force under the first of these names that has one. */
  get(...keys: readonly string[]): string | undefined {
    for (const key of keys) {
      const setting = this.#active.get(key.toLowerCase());
      if (setting !== undefined) return setting.value;
    }
    return undefined;
  }

  /** Settings whose names begin so: the rest of the name and the value. */
  under(prefix: string): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const [lower, { key, value }] of this.#active) {
      if (lower.startsWith(prefix)) found.set(key.slice(prefix.length), value);
    }
    return found;
  }

  /** A size in octets: digits and a unit (B, K, M, G); undefined when it is not there or not readable. */
  size(...keys: readonly string[]): number | undefined {
    const found = /^(\d+)\s*([KMG]?)B?$/i.exec(this.get(...keys) ?? "");
    const unit = { K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[(found?.[2] ?? "").toUpperCase()] ?? 1;
    return found === null ? undefined : Number(found[1]) * unit;
  }

  /** A time in seconds: digits and a unit (ms, s, m, h, d, w); seconds without one. */
  seconds(...keys: readonly string[]): number | undefined {
    const found = /^(\d+)\s*(ms|[a-z]*)$/i.exec(this.get(...keys) ?? "");
    const unit = secondsOf[unitName(found?.[2] ?? "")];
    return found === null || unit === undefined ? undefined : Number(found[1]) * unit;
  }

  flag(...keys: readonly string[]): boolean | undefined {
    const value = this.get(...keys)?.toLowerCase();
    return value === undefined ? undefined : value === "yes" || value === "true" || value === "on" || value === "1";
  }

  /** The limits that these settings change. */
  limits(): Partial<Limits> {
    const processor = orUnlimited(this.seconds("sieve_max_cpu_time"));
    const period = this.seconds("sieve_vacation_min_period");
    const bounds: { readonly [K in keyof Limits]?: number | undefined } = {
      variableLength: this.size("sieve_variables_max_value_size", "sieve_variables_max_variable_size"),
      scriptBytes: orUnlimited(this.size("sieve_max_script_size")) ?? 1_048_576,
      includes: this.size("sieve_include_max_includes"),
      includeDepth: this.size("sieve_include_max_nesting_depth"),
      headerValue: this.size("sieve_editheader_max_header_size"),
      notifications: this.size("sieve_notify_max_notifications"),
      vacationMinSeconds: period ?? 86_400,
      vacationDefaultSeconds: this.seconds("sieve_vacation_default_period"),
      vacationMaxSeconds: orUnlimited(this.seconds("sieve_vacation_max_period")),
      duplicateDefaultSeconds: this.seconds("sieve_duplicate_default_period"),
      duplicateMaxSeconds: this.seconds("sieve_duplicate_max_period"),
      actions: orUnlimited(this.size("sieve_max_actions")),
      redirects: this.size("sieve_max_redirects"),
      steps: processor === undefined ? undefined : Math.ceil((limitTable.steps.value * processor) / defaultSeconds),
    };
    return Object.fromEntries(Object.entries(bounds).filter(([, value]) => value !== undefined && value >= 0));
  }
}

/** Of these settings 0 means that there is no limit. */
function orUnlimited(value: number | undefined): number | undefined {
  return value === 0 ? Number.MAX_SAFE_INTEGER : value;
}

/** What the default number of steps stands for where a test file thinks in seconds of the processor. */
const defaultSeconds = 30;

const secondsOf: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

function unitName(unit: string): string {
  const lower = unit.toLowerCase();
  if (lower === "") return "s";
  return lower.startsWith("ms") || lower.startsWith("milli") ? "ms" : lower.slice(0, 1);
}
