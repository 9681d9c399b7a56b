import type { Diagnostic } from "../diagnostic.ts";

/** The errors that `test_error` looks at; warnings are not among them. */
export class ErrorLog {
  #messages: string[] = [];

  get messages(): readonly string[] {
    return this.#messages;
  }

  clear(): void {
    this.#messages = [];
  }

  add(message: string): void {
    this.#messages.push(message);
  }

  /** The mistakes of a script, and at the end that it does not compile. */
  addMistakes(mistakes: readonly Diagnostic[]): void {
    this.#messages.push(...mistakes.map(({ message }) => message), "the script does not compile");
  }
}
