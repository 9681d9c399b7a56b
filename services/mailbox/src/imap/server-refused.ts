import type { Tagged } from "./imap-connection.ts";

const PASSING: ReadonlySet<string> = new Set(["UNAVAILABLE", "INUSE", "SERVERBUG", "LIMIT"]);

/** The server said NO or BAD. `code` is the RFC 5530 response code, or empty; `text` is the server's own words: for doctor, never for logs. */
export class ServerRefused extends Error {
  override readonly name = "ServerRefused";
  readonly code: string;
  readonly text: string;
  /** RFC 5530 §3: passing trouble of the server, which says nothing about a mail or a folder. */
  get isPassing(): boolean {
    return PASSING.has(this.code);
  }
  constructor(command: string, tagged: Tagged) {
    super(`${command} refused: ${tagged.status}${tagged.code === "" ? "" : ` [${tagged.code}]`}`);
    this.code = tagged.code;
    this.text = tagged.text;
  }
}

/** Does what may be left undone where the server refuses. */
export async function unlessRefused(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof ServerRefused)) throw error;
  }
}
