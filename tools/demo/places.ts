import type { DovecotServer } from "@tamis/testkit";
import type { Want } from "./mails/sample.ts";

/** One mail as IMAP shows it. */
export type Place = { readonly folder: string; readonly flags: readonly string[] };

export const placeText = ({ folder, flags }: Place): string =>
  flags.length > 0 ? `${folder} (${flags.join(" ")})` : folder;

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

export function wantText({ folder, flags = [], copies = [] }: Want): string {
  return [placeText({ folder, flags }), ...copies].join(", ");
}

/** Where each mail of an account is now. */
export async function placesByMessageId(dovecot: DovecotServer, user: string): Promise<Map<string, Place[]>> {
  const places = new Map<string, Place[]>();
  for (const { messageId, folder, flags } of await dovecot.listAll(user)) {
    places.set(messageId, [...(places.get(messageId) ?? []), { folder, flags }]);
  }
  return places;
}
