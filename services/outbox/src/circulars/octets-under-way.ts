/** Mails up to so long are not counted: as many as there are connections are little, octets. */
export const SHORT_MAIL = 1024 * 1024;

/** How much of long mails is in memory at once, so that it does not depend on what is sent. */
export class OctetsUnderWay {
  readonly #most: number;
  #used = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether a mail of so many octets may be composed now; one that is longer than all there is room for may, when it is the only long one. */
  hasRoomFor(octets: number): boolean {
    return octets <= SHORT_MAIL || this.#used === 0 || this.#used + octets <= this.#most;
  }

  /** It is in memory from now on. */
  add(octets: number): void {
    if (octets > SHORT_MAIL) this.#used += octets;
  }

  /** It is no more. */
  remove(octets: number): void {
    if (octets > SHORT_MAIL) this.#used -= octets;
  }
}
