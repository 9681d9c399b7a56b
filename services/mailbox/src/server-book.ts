import { type Bucket, RetryLater } from "@tamis/bus";
import { type ServerAbilities, serverAbilities } from "@tamis/contracts";
import type { ImapSession, SelectedFolder } from "./imap/imap-session.ts";

/** Backends behind one address may differ: what this process wrote stands for so long. */
const WRITTEN_MS = 60_000;

/** What the IMAP servers can do, in KV `servers`: read once per process, written where it is another. Holds what is there. */
export class ServerBook {
  readonly #bucket: Bucket;
  readonly #clock: () => number;
  readonly #known = new Map<string, { readonly text: string; readonly writtenAt: number }>();

  /** `clock`: milliseconds that only grow. */
  constructor(bucket: Bucket, clock: () => number = () => performance.now()) {
    this.#bucket = bucket;
    this.#clock = clock;
  }

  /** `key` of `serverKey`, `inbox` as selected. While NATS is away nothing is noted: the next connection tells the same. */
  async note(key: string, session: Pick<ImapSession, "capabilities">, inbox: SelectedFolder): Promise<void> {
    const text = JSON.stringify(abilitiesOf(session.capabilities, inbox));
    const known = this.#known.get(key);
    if (known !== undefined && (known.text === text || this.#clock() - known.writtenAt < WRITTEN_MS)) return;
    // Thousands of accounts of one server sign in at once: the first asks for all of them.
    this.#known.set(key, { text, writtenAt: this.#clock() });
    try {
      const isWritten = known === undefined && text === textOf((await this.#bucket.get(key))?.value);
      if (!isWritten) await this.#bucket.put(key, Buffer.from(text));
      this.#known.set(key, { text, writtenAt: isWritten ? Number.NEGATIVE_INFINITY : this.#clock() });
    } catch (error) {
      if (known === undefined) this.#known.delete(key);
      else this.#known.set(key, known);
      if (!(error instanceof RetryLater)) throw error;
    }
  }
}

function abilitiesOf(capabilities: ReadonlySet<string>, { permanentFlags }: SelectedFolder): ServerAbilities {
  const keywords = permanentFlags === null || permanentFlags.has("\\*");
  return serverAbilities.parse({ v: 1, capabilities: [...capabilities].sort(), keywords });
}

const textOf = (value: Uint8Array | undefined): string => (value === undefined ? "" : Buffer.from(value).toString());
