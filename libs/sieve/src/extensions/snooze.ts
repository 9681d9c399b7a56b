import { isTimeZone, localNow, midnightOf, shifted, someInstant, weekdayOf } from "@tamis/when";
import { actionCommand } from "../action-command.ts";
import type { Snooze } from "../actions.ts";
import { type CheckContext, defineCommand, type Extension } from "../extension.ts";
import { checkMailboxName, checkTarget, prepareTarget } from "../mailbox-target.ts";
import type { Text } from "../program.ts";
import { RuntimeFault } from "../run-state.ts";
import { checkFlags, flagsOf } from "./imap4flags.ts";

const dayMs = 86_400_000;

/** Milliseconds since midnight of "hh:mm" or "hh:mm:ss"; null for anything else. */
export function timeOfDay(text: string): number | null {
  const found = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text);
  if (found === null) return null;
  return ((Number(found[1]) * 60 + Number(found[2])) * 60 + Number(found[3] ?? "0")) * 1000;
}

/** When a snoozed mail comes back. */
export interface WakeTimes {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly timeZone: string;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** Milliseconds since midnight. */
  readonly times: readonly number[];
}

/** The first of the times, on one of the days, that is later than now (local time of the zone). */
export function nextWake({ now, timeZone, weekdays, times }: WakeTimes): number {
  const midnight = midnightOf(localNow(new Date(now), timeZone));
  for (let day = 0; day <= 7; day++) {
    const local = shifted(midnight, day * dayMs);
    if (!weekdays.has(weekdayOf(local))) continue;
    // Not the first in the list: where clocks go forward, 02:30 is later than 03:00.
    const later = times.map((time) => someInstant(shifted(local, time), timeZone).getTime()).filter((at) => at > now);
    if (later.length > 0) return Math.min(...later);
  }
  return now + dayMs;
}

function checkWhen(
  {
    times,
    weekdays,
    tzid,
  }: { readonly times: readonly Text[]; readonly weekdays?: readonly Text[]; readonly tzid?: Text },
  context: CheckContext,
): void {
  times.forEach((time, index) => {
    if (typeof time !== "string" || timeOfDay(time) !== null) return;
    context.report({ code: "bad-time-of-day", at: "times", index, parameters: { time } });
  });
  weekdays?.forEach((day, index) => {
    if (typeof day !== "string" || /^[0-6]$/.test(day)) return;
    context.report({ code: "bad-weekday", at: "weekdays", index, parameters: { day } });
  });
  if (typeof tzid === "string" && !isTimeZone(tzid)) {
    context.report({ code: "bad-time-zone", at: "tzid", parameters: { zone: tzid } });
  }
}

function timesOf(texts: readonly string[]): readonly number[] {
  return texts.map((time) => {
    const ms = timeOfDay(time);
    if (ms === null) throw new RuntimeFault("bad-time-of-day", { time });
    return ms;
  });
}

function daysOf(texts: readonly string[]): ReadonlySet<number> {
  return new Set(
    texts.map((day) => {
      if (!/^[0-6]$/.test(day)) throw new RuntimeFault("bad-weekday", { day });
      return Number(day);
    }),
  );
}

const snooze = defineCommand({
  name: "snooze",
  shape: {
    tags: {
      mailbox: "string",
      mailboxid: "string",
      specialuse: "string",
      create: "flag",
      addflags: "strings",
      removeflags: "strings",
      weekdays: "strings",
      tzid: "string",
    },
    positional: { times: "strings" },
  },
  check(args, context) {
    checkWhen(args, context);
    checkMailboxName(args.mailbox, "mailbox", context);
    checkTarget({ ...args }, context);
    for (const at of ["addflags", "removeflags"] as const) {
      const flags = args[at];
      if (flags === undefined) continue;
      if (!context.enabled("imap4flags")) {
        context.report({ code: "tag-needs-require", at, parameters: { tag: at, capability: "imap4flags" } });
      }
      checkFlags(flags, at, context);
    }
  },
  prepare(args, origin, preparation) {
    const target = prepareTarget(preparation, args.mailbox ?? "INBOX", { ...args });
    const times = preparation.texts(args.times);
    const weekdays = preparation.texts(args.weekdays ?? ["0", "1", "2", "3", "4", "5", "6"]);
    const zone = args.tzid === undefined ? null : preparation.text(args.tzid);
    const addFlags = preparation.texts(args.addflags ?? []);
    const removeFlags = preparation.texts(args.removeflags ?? []);
    return actionCommand(preparation, {
      name: "snooze",
      args,
      origin,
      make(state): Snooze {
        const timeZone = zone?.(state) ?? state.facts.timeZone;
        if (!isTimeZone(timeZone)) throw new RuntimeFault("bad-time-zone", { zone: timeZone });
        const { now } = state.facts;
        const when = { now, timeZone, weekdays: daysOf(weekdays(state)), times: timesOf(times(state)) };
        const { flags: limit } = state.limits;
        return {
          kind: "snooze",
          until: nextWake(when),
          ...target(state),
          addFlags: flagsOf(addFlags(state), limit),
          removeFlags: flagsOf(removeFlags(state), limit),
          origin,
        };
      },
    });
  },
});

/** Hides the mail until later (draft-ietf-extra-email-snooze). */
export const snoozeExtension: Extension = {
  name: "snooze",
  rfc: "draft-ietf-extra-email-snooze",
  state: "yes",
  needs: ["snooze"],
  commands: [snooze],
};
