import type { ApplyCommand, BatchHead, Decision, MailDecided } from "@tamis/contracts";
import type { LoadedScript } from "./scripts.ts";

type DecidedMail = MailDecided["mails"][number];

/** One `mailbox.apply` or one fact stays below this, well under NATS's `max_payload` of 1 MiB. */
export const MESSAGE_MAX_BYTES = 512 * 1024;

/** One command for the batch; several where the plans are too long for one message; none of a dry run. */
export function encodeApplyCommands(
  head: BatchHead,
  reads: NonNullable<ApplyCommand["reads"]>,
  decisions: readonly Decision[],
  maxBytes = MESSAGE_MAX_BYTES,
): readonly Uint8Array[] {
  const { v, accountId, mode, sortId, folder, purpose } = head;
  if (head.dryRun === true) return [];
  const frame: ApplyCommand = {
    v,
    accountId,
    mode,
    ...(sortId === undefined ? {} : { sortId }),
    ...(purpose === "apply" ? { stored: true } : {}),
    ...(purpose === "event" ? { stored: true, events: true } : {}),
    folder,
    reads,
    decisions: [],
  };
  return partsOf(frame, "decisions", decisions, maxBytes).map(({ text }) => Buffer.from(text));
}

/** A fact, and itself as JSON. */
export interface WrittenFact {
  readonly fact: MailDecided;
  readonly text: string;
}

/** The fact about the batch, in as many pieces as its size asks for. */
export function decidedFacts(
  head: BatchHead,
  script: LoadedScript | null,
  mails: readonly DecidedMail[],
  maxBytes = MESSAGE_MAX_BYTES,
): readonly WrittenFact[] {
  const { accountId, mode, sortId } = head;
  const about: MailDecided = {
    v: 1,
    accountId,
    mode,
    ...(sortId === undefined ? {} : { sortId }),
    ...(script === null ? {} : { script: { name: script.name, version: script.version } }),
    mails: [],
  };
  return partsOf(about, "mails", mails, maxBytes).map(({ items, text }) => ({
    fact: { ...about, mails: items },
    text,
  }));
}

/** What stands before the items of a list that is the last of a frame's fields, behind them, and perhaps in more octets than characters. */
const FRAME_ROOM = 1024;

/** The items in as few messages as their size allows: each the frame, whose last field is this list. Every item is written once. */
function partsOf<T, L extends string>(
  frame: { readonly [list in L]: readonly never[] | readonly T[] },
  list: L,
  items: readonly T[],
  maxBytes: number,
): readonly { readonly items: readonly T[]; readonly text: string }[] {
  const open = JSON.stringify({ ...frame, [list]: [] }).slice(0, -"]}".length);
  const texts = items.map((item) => JSON.stringify(item));
  const parts = rangesBySize(texts, maxBytes - FRAME_ROOM);
  return parts.map(([from, to]) => ({
    items: items.slice(from, to),
    text: `${open}${texts.slice(from, to).join(",")}]}`,
  }));
}

function rangesBySize(texts: readonly string[], maxBytes: number): readonly (readonly [from: number, to: number])[] {
  if (texts.length === 0) return [];
  // A unit of text is three octets at most.
  if (3 * texts.reduce((sum, { length }) => sum + length + 1, 0) <= maxBytes) return [[0, texts.length]];
  const ranges: [number, number][] = [];
  let from = 0;
  let sum = 0;
  for (const [at, text] of texts.entries()) {
    const bytes = Buffer.byteLength(text) + 1;
    if (at > from && sum + bytes > maxBytes) {
      ranges.push([from, at]);
      from = at;
      sum = 0;
    }
    sum += bytes;
  }
  ranges.push([from, texts.length]);
  return ranges;
}
