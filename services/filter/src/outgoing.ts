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
): Uint8Array[] {
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
  const open = JSON.stringify(frame).slice(0, -"]}".length);
  const texts = decisions.map((decision) => JSON.stringify(decision));
  return splitBySize(texts, (text) => Buffer.byteLength(text), maxBytes - 1024).map((part) =>
    Buffer.from(`${open}${part.join(",")}]}`),
  );
}

/** The fact about the batch, in as many pieces as its size asks for. */
export function decidedFacts(
  head: BatchHead,
  script: LoadedScript | null,
  mails: readonly DecidedMail[],
  maxBytes = MESSAGE_MAX_BYTES,
): MailDecided[] {
  const { accountId, mode, sortId } = head;
  const about = {
    v: 1,
    accountId,
    mode,
    ...(sortId === undefined ? {} : { sortId }),
    ...(script === null ? {} : { script: { name: script.name, version: script.version } }),
  } as const;
  return splitBySize(mails, jsonBytes, maxBytes - 1024).map((part) => ({ ...about, mails: part }));
}

const jsonBytes = (mail: DecidedMail): number => Buffer.byteLength(JSON.stringify(mail));

function splitBySize<T>(items: readonly T[], bytesOf: (item: T) => number, maxBytes: number): T[][] {
  const parts: T[][] = [];
  let part: T[] = [];
  let sum = 0;
  for (const item of items) {
    const bytes = bytesOf(item) + 1;
    if (part.length > 0 && sum + bytes > maxBytes) {
      parts.push(part);
      part = [];
      sum = 0;
    }
    part.push(item);
    sum += bytes;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}
