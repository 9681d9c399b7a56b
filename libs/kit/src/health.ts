/** Checks by name, shown at `/readyz`. */
export interface Health {
  /** `state`: `"ok"`, or the reason why not, in words that may be shown to an operator (no addresses). */
  set(name: string, state: string): void;
}

/** What `/readyz` answers. */
export interface Readiness {
  readonly ready: boolean;
  /** Failing checks: name → reason. */
  readonly failing: Readonly<Record<string, string>>;
}

/** The checks of one service. Not ready until `starting` is set to `"ok"`. */
export class HealthBoard implements Health {
  readonly #failing = new Map<string, string>([["starting", "the service is starting"]]);

  set(name: string, state: string): void {
    if (state === "ok") this.#failing.delete(name);
    else this.#failing.set(name, state);
  }

  readiness(): Readiness {
    return { ready: this.#failing.size === 0, failing: Object.fromEntries(this.#failing) };
  }
}
