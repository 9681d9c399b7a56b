/** A wait that can be cut short: a signal that comes while nobody waits is not lost. */
export class Alarm {
  #rung = false;
  #wake: () => void = () => {};

  ring(): void {
    this.#rung = true;
    this.#wake();
  }

  /** Resolves after `ms`, or when it rings. */
  async wait(ms: number): Promise<void> {
    if (!this.#rung) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, Math.min(ms, 2_147_483_647));
      await promise;
      clearTimeout(timer);
    }
    this.#rung = false;
  }
}
