import type { AccountMemory } from "./account-memory.ts";
import { FINGERPRINT_SECTION, fingerprintOf } from "./fingerprint.ts";
import type { AppendedMail } from "./imap/append.ts";
import type { ChangeGuard, Made } from "./imap/change-guard.ts";
import type { CopyResult } from "./imap/copy-uid.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { isInbox } from "./imap/mailbox-name.ts";
import { splitUidSets } from "./imap/sequence-set.ts";
import { markerOf } from "./rewrite-marker.ts";
import { dropExpected, expectArrival, type WatchMark } from "./watch-mark.ts";

const nothing = (): void => undefined;

/**
 * Writes down what Tamis itself is about to do to watched folders, whoever in this service does it and why: such changes are no
 * events, or scripts would run because of scripts (RFC 6785 §6). Before the command, so that it is known after a crash too. All else
 * passes untouched.
 */
export class OwnChanges implements ChangeGuard {
  readonly #session: ImapSession;
  readonly #memory: AccountMemory;

  constructor(session: ImapSession, memory: AccountMemory) {
    this.#session = session;
    this.#memory = memory;
  }

  async transferring(uids: readonly number[], target: string): Promise<Made<CopyResult>> {
    const mark = this.#markOf(target);
    if (mark === undefined) return nothing;
    const prints = await this.#printsOf(uids);
    await this.#expect(mark, [...prints.values()]);
    return (result) => {
      // Refused: nothing is there of a COPY; of a MOVE some mails may be (RFC 6851 §4.3), and what is known of them stays.
      if (result === null || result.uidValidity !== mark.uidValidity) return;
      for (const [uid, newUid] of result.uids) {
        const print = prints.get(uid);
        if (print === undefined || !dropExpected(mark, print)) continue;
        mark.ours.add(newUid);
        this.#memory.dirty = true;
      }
    };
  }

  async appending(target: string, { raw, internalDate }: AppendedMail): Promise<Made<number>> {
    const mark = this.#markOf(target);
    if (mark === undefined) return nothing;
    const name = markerOf(raw)?.nonce ?? fingerprintOf({ bytes: raw, size: raw.length, internalDate });
    await this.#expect(mark, [name]);
    return (uid) => {
      if (uid === 0) return;
      dropExpected(mark, name);
      if (uid !== null) mark.ours.add(uid);
      this.#memory.dirty = true;
    };
  }

  async storing(uids: readonly number[], sign: "+" | "-", flags: readonly string[]): Promise<Made<true>> {
    const mark = this.#markOf(this.#session.selected?.name ?? "");
    if (mark === undefined || mark.modSeq === "") return nothing;
    const changed = mark.flags.store(uids, sign, flags);
    if (changed.length === 0) return nothing;
    await this.#memory.store.save(this.#memory.record);
    return (result) => {
      if (result !== null) return;
      mark.flags.store(changed, sign === "+" ? "-" : "+", flags);
      this.#memory.dirty = true;
    };
  }

  #markOf(folder: string): WatchMark | undefined {
    return isInbox(folder) ? undefined : this.#memory.record.watched.get(folder);
  }

  /** As often as they will be there, and not more: an attempt before may have been cut off. */
  async #expect(mark: WatchMark, names: readonly string[]): Promise<void> {
    const known = [...mark.expected];
    let isNews = false;
    for (const name of names) {
      const at = known.indexOf(name);
      if (at >= 0) known.splice(at, 1);
      else expectArrival(mark, name);
      isNews ||= at < 0;
    }
    if (isNews) await this.#memory.store.save(this.#memory.record);
  }

  async #printsOf(uids: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const prints = new Map<number, string>();
    for (const { set } of splitUidSets([...uids].sort((a, b) => a - b)))
      await this.#session.fetch(set, FINGERPRINT_SECTION, (mail) => prints.set(mail.uid, fingerprintOf(mail)));
    return prints;
  }
}
