import { createHash } from "node:crypto";

const CR = 0x0d;
const LF = 0x0a;

/** SHA-256 of a body in pieces whose runs of blanks are one space already; empty lines at the end do not count (RFC 6376 §3.4.4). */
export class BodyHash {
  private readonly hash = createHash("sha256");
  private emptyLines = 0;
  private isEmpty = true;

  /** Takes the next piece. Pieces are cut between lines, or inside of one. */
  update(octets: Buffer): void {
    let end = octets.length;
    while (end >= 2 && octets[end - 1] === LF && octets[end - 2] === CR) end -= 2;
    if (end > 0) {
      this.flush();
      this.hash.update(octets.subarray(0, end));
      this.isEmpty = false;
    }
    this.emptyLines += (octets.length - end) / 2;
  }

  /** The digest. The last line ends. */
  digest(): Buffer {
    if (!this.isEmpty) this.hash.update("\r\n");
    return this.hash.digest();
  }

  private flush(): void {
    if (this.emptyLines > 0) this.hash.update("\r\n".repeat(this.emptyLines));
    this.emptyLines = 0;
  }
}
