import type { AccountMemory } from "./account-memory.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { notifyOf } from "./imap/notify.ts";
import { now } from "./publish-mail.ts";

/** The folders beside INBOX that a session is told of (RFC 5465): one NOTIFY stands for all that want to hear, since each takes the place of the last. */
export class Elsewhere {
  readonly #session: ImapSession;
  readonly #memory: AccountMemory;
  readonly #wanted = new Map<string, readonly string[]>();
  /** What the server was asked to tell of, and whether it does. */
  #asked = "[]";
  #isTold = false;

  constructor(session: ImapSession, memory: AccountMemory) {
    this.#session = session;
    this.#memory = memory;
  }

  /** Asks the server to tell of these folders, which are there, in place of those asked for under the same name before. False: it does not. */
  async hear(name: string, folders: readonly string[]): Promise<boolean> {
    if (!this.#session.capabilities.has("NOTIFY")) return false;
    this.#wanted.set(name, folders);
    const all = [...new Set([...this.#wanted.values()].flat())];
    const asked = JSON.stringify(all);
    if (asked === this.#asked || all.length === 0) return this.#isTold;
    this.#session.onElsewhere = (isOverflow) => {
      // It must be asked anew.
      if (isOverflow) this.#asked = "[]";
      this.#memory.isFolderNews = true;
      this.#memory.isDraftNews = true;
      this.#memory.bell.ring();
    };
    this.#isTold = await notifyOf(this.#session, all, this.#isTold);
    this.#asked = asked;
    // Between two askings nothing is told, of INBOX neither.
    this.#memory.wokenAt ??= now();
    return this.#isTold;
  }
}
