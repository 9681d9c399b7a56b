import { setTimeout as delay } from "node:timers/promises";
import type { DovecotServer } from "@tamis/testkit";
import { waitFor } from "@tamis/testkit";
import type { Mail, Want } from "./mails/sample.ts";
import { samples } from "./mails.ts";
import type { Post } from "./post.ts";
import type { SchoolAccount } from "./school.ts";
import type { Texts } from "./texts.ts";
import type { Tracker } from "./tracker.ts";
import type { View } from "./view.ts";

/** One mail as IMAP shows it. */
export type Place = { readonly folder: string; readonly flags: readonly string[] };

/** How long the slowest mail may take from its delivery, and no longer. */
const SETTLE_SECONDS = 60;

/** A steady stream, not a burst: the times that are shown are those of ordinary mail. */
const PAUSE_MS = 50;

const placeText = ({ folder, flags }: Place): string => (flags.length > 0 ? `${folder} (${flags.join(" ")})` : folder);

/** RFC 9051 §2.3.2: flag names have no case. */
const hasFlag = (place: Place, flag: string): boolean =>
  place.flags.some((one) => one.toLowerCase() === flag.toLowerCase());

/** Whether a mail is where it must be, there alone, with its flags, and still unread: Tamis never touches `\Seen`. */
export function isInPlace(want: Want, places: readonly Place[]): boolean {
  const folders = places.map(({ folder }) => folder).toSorted();
  const wanted = [want.folder, ...(want.copies ?? [])].toSorted();
  if (folders.join("\n") !== wanted.join("\n")) return false;
  const main = places.find(({ folder }) => folder === want.folder);
  const flagged = main !== undefined && (want.flags ?? []).every((flag) => hasFlag(main, flag));
  return flagged && !places.some((place) => hasFlag(place, "\\Seen"));
}

function wantText({ folder, flags = [], copies = [] }: Want): string {
  return [placeText({ folder, flags }), ...copies].join(", ");
}

async function placesByMessageId(dovecot: DovecotServer, user: string): Promise<Map<string, Place[]>> {
  const places = new Map<string, Place[]>();
  for (const { messageId, folder, flags } of await dovecot.listAll(user)) {
    places.set(messageId, [...(places.get(messageId) ?? []), { folder, flags }]);
  }
  return places;
}

type CheckOptions = {
  readonly dovecot: DovecotServer;
  readonly tracker: Tracker;
  readonly post: Post;
  readonly accounts: readonly SchoolAccount[];
  readonly view: View;
  readonly texts: Texts;
  readonly signal: AbortSignal;
};

async function deliverAll({ post, view, texts, signal }: CheckOptions): Promise<readonly Mail[]> {
  const mails: Mail[] = [];
  for (const sample of samples) {
    signal.throwIfAborted();
    try {
      mails.push(await post.send(sample));
    } catch (error) {
      view.print(texts.refused(sample.name, String(error)));
    }
    await delay(PAUSE_MS, undefined, { signal });
  }
  return mails;
}

async function untilSettled({ tracker, view, texts, signal }: CheckOptions): Promise<void> {
  const settled = (): boolean => signal.aborted || tracker.pending().length === 0;
  const late = await waitFor(settled, { timeoutMs: SETTLE_SECONDS * 1_000, intervalMs: 20 }).catch(() => null);
  signal.throwIfAborted();
  if (late === null) view.print(texts.late(tracker.pending().length, SETTLE_SECONDS));
}

/** Delivers every sample once, waits for each to be settled, and looks over IMAP where each one is. True when all are in place. */
export async function check(options: CheckOptions): Promise<boolean> {
  const { dovecot, accounts, view, texts } = options;
  view.print(texts.delivering(samples.length));
  view.head();
  const mails = await deliverAll(options);
  await untilSettled(options);
  view.end();
  let right = 0;
  for (const { address, local } of accounts) {
    const places = await placesByMessageId(dovecot, address);
    for (const { sample, messageId } of mails.filter((mail) => mail.sample.to === local)) {
      const found = places.get(messageId) ?? [];
      if (isInPlace(sample.want, found)) right += 1;
      else {
        const foundText = found.map(placeText).join(", ") || texts.nowhere;
        view.print(
          texts.outOfPlace({ name: sample.name, account: local, wanted: wantText(sample.want), found: foundText }),
        );
      }
    }
  }
  view.print(view.totals());
  view.print(texts.inPlace(right, samples.length));
  return right === samples.length;
}
