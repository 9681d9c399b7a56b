import { type Bucket, RetryLater } from "@tamis/bus";
import { activeScript, buckets, FILTER_DURABLE, MAIL } from "@tamis/contracts";
import type { DoctorContext, Finding } from "@tamis/kit";
import { compile } from "@tamis/sieve";
import { readJson } from "./json.ts";

/** How many active scripts are read: enough to find what an upgrade broke, within the time that a doctor has. */
const MAX_SCRIPTS = 5000;
const MAX_NAMED = 10;

/** What `tamis doctor` asks of the filter: its durable, and whether every active script still compiles. */
export async function examine({ bus, signal }: Pick<DoctorContext, "bus" | "signal">): Promise<readonly Finding[]> {
  if (bus === null) return [];
  try {
    const hasDurable = await bus.hasConsumer(MAIL.name, FILTER_DURABLE);
    return [durableFinding(hasDurable), await scriptsFinding(await bus.bucket(buckets.scripts), signal)];
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    return [
      {
        id: "filter.nats",
        ok: false,
        text: `NATS did not answer: ${error.message}`,
        mend: "see whether nats-server runs, then run doctor again",
      },
    ];
  }
}

function durableFinding(exists: boolean): Finding {
  const id = "filter.durable";
  if (exists) return { id, ok: true, text: "the durable `filter` of the stream MAIL exists" };
  return {
    id,
    ok: false,
    text: "the stream MAIL has no durable `filter`: mail would wait unread",
    mend: "start the filter once: it creates both (`tamis run filter`)",
  };
}

async function scriptsFinding(bucket: Bucket, signal: AbortSignal): Promise<Finding> {
  const id = "filter.scripts";
  const accounts = (await bucket.keys()).filter((key) => !key.includes("."));
  const broken: string[] = [];
  let read = 0;
  for (const accountId of accounts) {
    if (signal.aborted || read === MAX_SCRIPTS) break;
    read++;
    const entry = await bucket.get(accountId);
    if (entry !== null && !isUsable(entry.value)) broken.push(accountId);
  }
  const seen = read === accounts.length ? `${read}` : `${read} of ${accounts.length}`;
  if (broken.length === 0) return { id, ok: true, text: `${seen} active scripts, all compile` };
  const named = broken.slice(0, MAX_NAMED).join(", ") + (broken.length > MAX_NAMED ? " …" : "");
  return {
    id,
    ok: false,
    text: `${broken.length} of ${seen} active scripts do not compile; the mail of these accounts stays in INBOX: ${named}`,
    mend: "see `tamis scripts check --account ID`, put a corrected script and activate it",
  };
}

function isUsable(value: Uint8Array): boolean {
  const stored = activeScript.safeParse(readJson(value));
  return stored.success && compile(stored.data.text).ok;
}
