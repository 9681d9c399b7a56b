import type { Diagnostic } from "../diagnostic.ts";

/** Said once however often the name occurs. */
const once: ReadonlySet<string> = new Set(["unknown-command", "unknown-test"]);

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

  /** What is wrong with a script, and at the end that it does not compile. */
  addDiagnostics(diagnostics: readonly Diagnostic[]): void {
    const told = new Set<string>();
    for (const { severity, code, message, parameters } of diagnostics) {
      const name = `${code} ${parameters["name"] ?? ""}`;
      if (severity !== "error" || told.has(name)) continue;
      if (once.has(code)) told.add(name);
      this.add(message);
    }
    this.add("the script does not compile");
  }
}
