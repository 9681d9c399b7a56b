/** A map that works its values out when they are asked for; it holds no keys. */
export class Answers<T> implements ReadonlyMap<string, T> {
  readonly size = 0;
  readonly #answer: (key: string) => T | undefined;

  constructor(answer: (key: string) => T | undefined) {
    this.#answer = answer;
  }

  get(key: string): T | undefined {
    return this.#answer(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  forEach(): void {}

  *entries(): MapIterator<[string, T]> {}

  *keys(): MapIterator<string> {}

  *values(): MapIterator<T> {}

  [Symbol.iterator](): MapIterator<[string, T]> {
    return this.entries();
  }
}
