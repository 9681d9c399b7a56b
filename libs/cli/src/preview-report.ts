import type { Plan } from "@tamis/contracts";
import { type LogEntry, planText } from "./decision-log.ts";
import type { MailHeaders } from "./mail-headers.ts";
import type { Say } from "./say.ts";
import { formatTable, formatTime } from "./table.ts";

/** One mail of a preview. */
export interface PreviewedMail {
  readonly entry: LogEntry;
  /** Absent: gone meanwhile. */
  readonly headers: MailHeaders | undefined;
}

const FROM_WIDTH = 24;
const SUBJECT_WIDTH = 40;

/** Folder that the mail is in. */
export const folderOf = ({ decided }: LogEntry): string => decided?.folder ?? "INBOX";

/** Whether the draft treats the mail otherwise than the account's own rules do: place, copies or flags. */
export function isChanged({ decided }: LogEntry): boolean {
  const compared = decided?.compared;
  return compared !== undefined && effectOf(compared.draft) !== effectOf(compared.active);
}

function effectOf({ copies, destination }: Plan): string {
  const flags = (change: { readonly addFlags: readonly string[]; readonly removeFlags: readonly string[] }) => [
    change.addFlags.toSorted(),
    change.removeFlags.toSorted(),
  ];
  const end =
    destination.kind === "discard"
      ? destination.kind
      : [destination.kind === "stay" ? "INBOX" : destination.mailbox, flags(destination)];
  return JSON.stringify([end, copies.map((copy) => JSON.stringify([copy.mailbox, flags(copy)])).sort()]);
}

/** What the mail's own line says, for a table. */
export function previewTable(mails: readonly PreviewedMail[], say: Say): string {
  return formatTable(mails.map((mail) => rowOf(mail, say))).replace(/ +$/gm, "");
}

function rowOf({ entry, headers }: PreviewedMail, say: Say): readonly string[] {
  const { decided } = entry;
  const compared = decided?.compared;
  const place = compared === undefined ? say("result.gone") : arrivalText(compared.draft, say);
  const was =
    compared !== undefined && isChanged(entry) ? say("rules.was", { place: arrivalText(compared.active, say) }) : "";
  const rule = decided?.rule === undefined ? "" : ruleText(decided.rule, decided.line ?? 0, say);
  return [
    headers === undefined ? "" : formatTime(headers.internalDate).slice(0, "2026-11-01 12:00".length),
    cut(headers?.from ?? entry.mailId, FROM_WIDTH),
    cut(headers?.subject ?? "", SUBJECT_WIDTH),
    `${folderOf(entry)} → ${place}`,
    was,
    [rule, notDone(decided?.notCarriedOut ?? [], say), decided?.error === undefined ? "" : `! ${decided.error}`]
      .filter((part) => part !== "")
      .join("  "),
  ];
}

function notDone(actions: readonly string[], say: Say): string {
  return actions.length === 0
    ? ""
    : say("rules.not", { actions: actions.map((action) => actionName(action, say)).join(", ") });
}

const actionName = (action: string, say: Say): string => (action === "copies" ? say("rules.copies") : action);

/** A plan for mail that comes to INBOX: what stays is there. */
export function arrivalText(plan: Plan, say: Say): string {
  const text = planText(plan, say);
  return plan.destination.kind === "stay" ? text.replace(say("plan.stay"), "INBOX") : text;
}

function ruleText(rule: string, line: number, say: Say): string {
  const place = say("log.line", { line });
  return rule === `line ${line}` ? place : `${rule} (${place})`;
}

const cut = (text: string, width: number): string => {
  const characters = Array.from(text);
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join("")}…`;
};

/** All of a preview in numbers. */
export interface PreviewSummary {
  readonly mails: number;
  readonly changed: number;
  /** By place, the draft's counts and those of the account's own rules; `""` stands for discarded mail. */
  readonly places: readonly { readonly place: string; readonly now: number; readonly was: number }[];
  /** Mails that `apply` would move, and mails whose flags alone it would change. */
  readonly moved: number;
  readonly flagged: number;
  readonly notCarriedOut: Readonly<Record<string, number>>;
}

export function summarise(entries: readonly LogEntry[]): PreviewSummary {
  const places = new Map<string, { now: number; was: number }>();
  const count = (plan: Plan, when: "now" | "was"): void => {
    for (const place of placesOf(plan)) {
      const known = places.get(place) ?? { now: 0, was: 0 };
      known[when] += 1;
      places.set(place, known);
    }
  };
  for (const { decided } of entries) {
    if (decided?.compared === undefined) continue;
    count(decided.compared.draft, "now");
    count(decided.compared.active, "was");
  }
  const decided = entries.flatMap((entry) => entry.decided ?? []);
  return {
    mails: entries.length,
    changed: entries.filter(isChanged).length,
    places: [...places]
      .map(([place, counts]) => ({ place, ...counts }))
      .sort((a, b) => b.now - a.now || b.was - a.was || a.place.localeCompare(b.place)),
    moved: decided.filter(({ plan }) => plan.destination.kind !== "stay").length,
    flagged: decided.filter(({ plan: { destination } }) => destination.kind === "stay" && changesFlags(destination))
      .length,
    notCarriedOut: leftOut(entries),
  };
}

function placesOf({ copies, destination }: Plan): ReadonlySet<string> {
  const end = destination.kind === "folder" ? destination.mailbox : destination.kind === "stay" ? "INBOX" : "";
  return new Set([...copies.map(({ mailbox }) => mailbox), end]);
}

export const changesFlags = (change: {
  readonly addFlags: readonly string[];
  readonly removeFlags: readonly string[];
}): boolean => change.addFlags.length > 0 || change.removeFlags.length > 0;

/** Actions that are never carried out on stored mail, by the number of mails that would have had them. */
export function leftOut(entries: readonly LogEntry[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { decided } of entries)
    for (const action of new Set(decided?.notCarriedOut)) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
}

/** The sum of it all, a line each. */
export function summaryText(summary: PreviewSummary, say: Say): string {
  const { places, mails, changed, moved, flagged } = summary;
  return [
    ...places.map(({ place, now, was }) =>
      say("rules.total", { place: place === "" ? say("plan.discard") : place, now, was }),
    ),
    say("rules.summary", { count: mails, changed }),
    say("rules.would", { moved, flagged }),
    ...leftOutText(summary.notCarriedOut, say),
  ].join("\n");
}

export function leftOutText(counts: Readonly<Record<string, number>>, say: Say): readonly string[] {
  const sorted = Object.entries(counts).sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
  const named = sorted.map(([action, count]) => `${actionName(action, say)} ${count}`);
  return named.length === 0 ? [] : [say("rules.left-out", { actions: named.join(", ") })];
}
