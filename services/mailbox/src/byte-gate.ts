/** Lets in as much as fits into a number of octets: what is held in memory at once by everybody. In the order of asking. */
export class ByteGate {
  readonly #limit: number;
  #inside = 0;
  #waiting: { readonly octets: number; readonly enter: () => void }[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Runs `job` when its octets fit; one that never would goes in alone. */
  async hold<T>(octets: number, job: () => Promise<T>): Promise<T> {
    const weight = Math.min(octets, this.#limit);
    await new Promise<void>((enter) => {
      this.#waiting.push({ octets: weight, enter });
      this.#letIn();
    });
    try {
      return await job();
    } finally {
      this.#inside -= weight;
      this.#letIn();
    }
  }

  #letIn(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#inside + next.octets > this.#limit) return;
      this.#waiting.shift();
      this.#inside += next.octets;
      next.enter();
    }
  }
}
