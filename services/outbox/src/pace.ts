/** At most so many in a minute, spread evenly after a first handful. */
export class Pace {
  readonly #perMinute: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  constructor(perMinute: number, now: number) {
    this.#perMinute = perMinute;
    this.#burst = Math.max(1, Math.floor(perMinute / 60));
    this.#tokens = this.#burst;
    this.#at = now;
  }

  /** How many of `wanted` may go now. */
  take(wanted: number, now: number): number {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 60_000) * this.#perMinute);
    this.#at = now;
    const taken = Math.min(wanted, Math.floor(this.#tokens));
    this.#tokens -= taken;
    return taken;
  }

  /** What was taken and not used. */
  giveBack(count: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + count);
  }

  /** Until the next one may go, ms. */
  get waitMs(): number {
    return Math.max(0, Math.ceil(((1 - this.#tokens) * 60_000) / this.#perMinute));
  }
}
