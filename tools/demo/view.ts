import { type AppliedMail, sendingState } from "@tamis/contracts";
import { readMessage } from "@tamis/message";
import type { CircularNews } from "./circular/circular-news.ts";
import { column, cut } from "./layout.ts";
import type { Departure } from "./ledger.ts";
import type { SchoolAccount } from "./school.ts";
import { statistics } from "./statistics.ts";
import type { Texts } from "./texts.ts";
import type { Sighting } from "./tracker.ts";

/** Where the view writes: a terminal, or a file or pipe that gets plain lines. */
export type Screen = {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
};

export type View = {
  /** Lines that scroll by, above the status line. */
  print(text: string): void;
  /** The names of the columns. */
  head(): void;
  mail(sighting: Sighting): void;
  /** Something that left. */
  departure(departure: Departure): void;
  /** The beginning or the end of a circular. */
  circular(news: CircularNews): void;
  /** The totals as a line of their own where there is no status line. */
  milestone(): void;
  /** The totals so far. */
  totals(): string;
  /** Mails shown. */
  count(): number;
  /** Removes the status line for good. */
  end(): void;
};

type Row = Readonly<{ time: string; mailbox: string; rule: string; folder: string; ms: string; subject: string }>;

const PLAIN_WIDTH = 140;
const TIME = 8;
const MS = 6;
const ERASE_LINE = "\r\u001b[2K";

/** One row; the subject is shown where the screen is wide enough for it. */
export function rowText(row: Row, width: number): string {
  const free = width - TIME - MS - 8;
  const subject = width >= 110 ? Math.floor(free * 0.34) : 0;
  const shared = free - (subject > 0 ? subject + 2 : 0);
  const mailbox = Math.min(19, Math.floor(shared * 0.34));
  const rule = Math.floor((shared - mailbox) * 0.52);
  const folder = shared - mailbox - rule;
  const head = `${column(row.time, TIME)} ${column(row.mailbox, mailbox)} ${column(row.rule, rule)} → ${column(row.folder, folder)}`;
  const ms = " ".repeat(Math.max(0, MS - row.ms.length)) + row.ms;
  return subject > 0 ? `${head} ${ms}  ${cut(row.subject, subject)}` : `${head} ${ms}`;
}

const clock = (ms: number): string => new Date(ms).toTimeString().slice(0, 8);
const rounded = (ms: number | null): string => (ms === null ? "–" : String(Math.round(ms)));

const subjectOf = (raw: Uint8Array): string => readMessage(raw).headers("subject")[0]?.text() ?? "";

function placeText(sighting: Sighting, texts: Texts): string {
  const { applied, decided } = sighting;
  const notes: Readonly<Record<AppliedMail["result"], string>> = {
    kept: "",
    moved: "",
    discarded: "",
    gone: texts.gone,
    failed: texts.failed,
    observed: texts.observed,
  };
  const copies = decided?.plan.copies.length ?? 0;
  const parts = [applied.folder, copies > 0 ? texts.copies(copies) : "", notes[applied.result]];
  return parts.filter((part) => part !== "").join(" ");
}

function ruleText(sighting: Sighting, owner: SchoolAccount | undefined, texts: Texts): string {
  const { decided } = sighting;
  if (decided?.error !== undefined) return `! ${decided.error}`;
  if (decided?.rule === undefined) return owner?.script === undefined ? texts.noScript : texts.noRule;
  return decided.line !== undefined && decided.rule === `line ${decided.line}`
    ? texts.line(decided.line)
    : decided.rule;
}

/** Lines that scroll, and under them on a terminal one that stays. */
function scrollWith(screen: Screen, status: () => string): Pick<View, "print" | "end"> {
  let shown = false;
  let ended = false;
  const clear = (): string => (shown ? ERASE_LINE : "");
  return {
    print(text) {
      const last = screen.isTTY === true && !ended ? status() : "";
      screen.write(`${clear()}${text}\n${cut(last, widthFor(screen))}`);
      shown = last !== "";
    },
    end() {
      screen.write(clear());
      shown = false;
      ended = true;
    },
  };
}

/** The last column stays empty: some terminals wrap on it. */
const widthFor = (screen: Screen): number => (screen.isTTY ? Math.max(39, (screen.columns ?? 80) - 1) : PLAIN_WIDTH);

function rowOf(sighting: Sighting, owner: SchoolAccount | undefined, texts: Texts): Row {
  return {
    time: clock(sighting.applied.appliedAt),
    mailbox: owner?.local ?? sighting.accountId,
    rule: ruleText(sighting, owner, texts),
    folder: placeText(sighting, texts),
    ms: rounded(sighting.ownMs),
    subject: sighting.mail ? subjectOf(sighting.mail.raw) : "",
  };
}

/** To whom, why, and what the relay said. */
function departureRow({ accountId, sending, at }: Departure, owner: SchoolAccount | undefined, texts: Texts): Row {
  return {
    time: clock(at),
    mailbox: owner?.local ?? accountId,
    rule: texts.sendingKinds[sending.kind],
    folder: texts.sendingTo(texts.sendingStates[sending.state], sending.to),
    ms: rounded(at - sending.storedAt),
    subject: sending.reply ?? "",
  };
}

/** Whose circular, how far it is, and how long it took since it was due. */
function circularRow(
  { accountId, circular, step, at }: CircularNews,
  owner: SchoolAccount | undefined,
  texts: Texts,
): Row {
  const { id, recipients, counts, dueAt, subject } = circular;
  const ends = Object.entries(counts).map(
    ([state, count]) => `${count} ${texts.sendingStates[sendingState.parse(state)]}`,
  );
  return {
    time: clock(at),
    mailbox: owner?.local ?? accountId,
    rule: texts.circular(id),
    folder: step === "started" ? texts.circularStarted(recipients) : texts.circularDone(ends.join(", ")),
    ms: dueAt === null ? "" : rounded(at - dueAt),
    subject,
  };
}

/** The live view: a line per mail, and on a terminal a last line with the totals. */
export function view(screen: Screen, texts: Texts, accounts: readonly SchoolAccount[]): View {
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const own = statistics();
  const whole = statistics();
  let count = 0;

  const totals = (): string => {
    const [own50, own99] = [rounded(own.percentile(0.5)), rounded(own.percentile(0.99))];
    const [whole50, whole99] = [rounded(whole.percentile(0.5)), rounded(whole.percentile(0.99))];
    return texts.totals({ mails: count, own50, own99, whole50, whole99 });
  };
  const { print, end } = scrollWith(screen, () => (count > 0 ? totals() : ""));

  return {
    print,
    end,
    totals,
    count: () => count,
    milestone: () => {
      if (!screen.isTTY && count > 0) print(totals());
    },
    head: () => {
      const { headTime: time, headMailbox: mailbox, headRule: rule, headFolder: folder, headSubject: subject } = texts;
      print(rowText({ time, mailbox, rule, folder, ms: "ms", subject }, widthFor(screen)));
    },
    mail: (sighting) => {
      count += 1;
      own.add(sighting.ownMs);
      if (sighting.wholeMs !== undefined) whole.add(sighting.wholeMs);
      print(rowText(rowOf(sighting, byId.get(sighting.accountId), texts), widthFor(screen)));
    },
    departure: (departure) =>
      print(rowText(departureRow(departure, byId.get(departure.accountId), texts), widthFor(screen))),
    circular: (news) => print(rowText(circularRow(news, byId.get(news.accountId), texts), widthFor(screen))),
  };
}
