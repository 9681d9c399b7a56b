import type { Readable } from "node:stream";

/** A mail as it came, or why it is not kept: it is longer than one may be, or all together are. */
export type Spooled =
  | { readonly kind: "whole"; readonly raw: Buffer }
  | { readonly kind: "too-long" }
  | { readonly kind: "no-room" };

/** Takes in mails, with a limit to each and to the octets of all that are being taken in or sent. */
export class Spool {
  readonly #perMail: number;
  readonly #inAll: number;
  #used = 0;

  constructor({ perMail, inAll }: { readonly perMail: number; readonly inAll: number }) {
    this.#perMail = perMail;
    this.#inAll = inAll;
  }

  /**
   * Reads a mail to its end, kept or not, and has it worked on; its room is free again afterwards. Rejects where the stream breaks off.
   */
  async with<T>(stream: Readable, work: (spooled: Spooled) => Promise<T>): Promise<T> {
    let kept = 0;
    try {
      const chunks: Buffer[] = [];
      let kind: Spooled["kind"] = "whole";
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        if (kind !== "whole") continue;
        if (kept + chunk.length > this.#perMail) kind = "too-long";
        else if (this.#used + chunk.length > this.#inAll) kind = "no-room";
        else {
          chunks.push(chunk);
          kept += chunk.length;
          this.#used += chunk.length;
          continue;
        }
        chunks.length = 0;
      }
      return await work(kind === "whole" ? { kind, raw: Buffer.concat(chunks) } : { kind });
    } finally {
      this.#used -= kept;
    }
  }
}
