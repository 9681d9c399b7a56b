import assert from "node:assert/strict";
import { KEEP, type Plan, SNOOZED, type Wake } from "@tamis/contracts";
import { AccountRig } from "./account-rig.ts";
import type { FakeImap } from "./fake-imap.ts";
import { mail, moveTo } from "./pipeline.ts";

/** Milliseconds. */
export const MINUTE = 60_000;
/** When a rig begins: epoch ms. */
export const NOON = Date.parse("2026-11-02T12:00:00Z");
/** Until when its mails sleep. */
export const LATER = NOON + 90 * MINUTE;

/** Into INBOX, as it was. */
export const wake = (more: Partial<Wake> = {}): Wake => ({
  until: LATER,
  mailbox: "INBOX",
  create: false,
  addFlags: [],
  removeFlags: [],
  ...more,
});
/** The plan that `filter` makes of `snooze`. */
export const snooze = (more: Partial<Wake> = {}, plan: Partial<Plan> = {}): Plan => ({
  copies: [],
  destination: { kind: "folder", ...SNOOZED, create: true, addFlags: [], removeFlags: [], wake: wake(more) },
  ...plan,
});

/** A rig at noon; its clock is moved by {@link at}. */
export async function noon(options: Parameters<typeof AccountRig.atRest>[0] = {}): Promise<AccountRig> {
  const rig = await AccountRig.open(options);
  rig.now = () => NOON;
  await rig.untilAtRest();
  return rig;
}

/** The clock of the worker shows another time, and the worker looks at it. */
export function at(rig: AccountRig, time: number): void {
  rig.now = () => time;
  rig.update();
}

/** Mails with these ids came and sleep. */
export async function asleep(rig: AccountRig, ids: readonly string[], plan = snooze()): Promise<void> {
  rig.decide = () => plan;
  const before = rig.applied.length;
  rig.imap.arrive(...ids.map((id) => mail("x", id)));
  await rig.until(() => rig.applied.length === before + ids.length, "sleep");
  rig.decide = () => moveTo("Again");
  await rig.untilAtRest();
  assert.deepEqual(
    rig.imap.places().filter((place) => place.startsWith("Snoozed: ")),
    ids.map((id) => `Snoozed: ${id}`),
  );
}

/** Of each mail in the folder, sorted. */
export const flagsIn = (imap: FakeImap, folder: string): readonly string[][] =>
  imap.folder(folder).mails.map(({ flags }) => [...flags].sort());

/** They are back in INBOX, once, and stay there whatever comes after them. */
export async function expectAwake(rig: AccountRig, ids: readonly string[], folder = "INBOX"): Promise<void> {
  const isAwake = (): boolean =>
    rig.imap.folder(folder).mails.length === ids.length && flagsIn(rig.imap, folder).every((flags) => !ours(flags));
  await rig.until(isAwake, `${ids} awake in ${folder}`);
  const published = rig.published.length;
  rig.decide = () => KEEP;
  rig.imap.arrive(mail("y", "next"));
  await rig.until(() => rig.published.length > published, "the next mail");
  await rig.untilAtRest();
  assert.deepEqual(rig.published.slice(published), ["next"]);
  assert.deepEqual(rig.imap.places(), [...ids.map((id) => `${folder}: ${id}`), "INBOX: next"].sort());
  await rig.until(async () => (await rig.record()).snoozed === undefined, "nothing sleeps any more");
}

const ours = (flags: readonly string[]): boolean => flags.some((flag) => flag.startsWith("$Tamis"));
