import { type DraftKeyword, folderIdOf } from "@tamis/contracts";

/** RFC 9051 §2.3.2: what a draft says of itself, so that a crash in the middle of a MOVE leaves nothing to guess. */
const FROM = "$TamisFrom-";
const ENDS: readonly DraftKeyword[] = ["$TamisNotScheduled", "$TamisNotSent"];

/** The draft lay in this folder. */
export const fromKeyword = (folder: string): string => `${FROM}${folderIdOf(folder)}`;

const has = (flags: readonly string[], keyword: string): boolean =>
  flags.some((flag) => flag.toLowerCase() === keyword.toLowerCase());

export const isDeleted = (flags: readonly string[]): boolean => has(flags, "\\Deleted");

/** It is on its way back to its owner, or is there. */
export const isGivenBack = (flags: readonly string[]): boolean => ENDS.some((keyword) => has(flags, keyword));

/** We left it in this folder for its owner, who has not touched it since: moved elsewhere it may be scheduled again. */
export const isLeftIn = (folder: string, flags: readonly string[]): boolean =>
  isGivenBack(flags) && has(flags, fromKeyword(folder));

/** Which of these folders the draft lay in; undefined where it does not say. */
export const origin = (flags: readonly string[], folders: readonly string[]): string | undefined =>
  folders.find((folder) => has(flags, fromKeyword(folder)));

export interface FlagChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** For a draft that is taken out of a folder: nothing of what an earlier time left on it stays. */
export const takenFrom = (folder: string, flags: readonly string[]): FlagChange => change(flags, [fromKeyword(folder)]);

/** For a draft that is left in a folder, or goes there, and why. */
export const leftIn = (folder: string, keyword: DraftKeyword, flags: readonly string[]): FlagChange =>
  change(flags, [fromKeyword(folder), keyword]);

function change(flags: readonly string[], wanted: readonly string[]): FlagChange {
  const ours = flags.filter((flag) => has(ENDS, flag) || flag.toLowerCase().startsWith(FROM.toLowerCase()));
  return {
    add: wanted.filter((keyword) => !has(flags, keyword)),
    remove: ours.filter((flag) => !has(wanted, flag)),
  };
}
