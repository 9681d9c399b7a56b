import { type Bucket, type Bus, BusUnusable, RetryLater } from "@tamis/bus";
import { activeScript, buckets, FILTER_DURABLE, MAIL } from "@tamis/contracts";
import type { DoctorContext, Finding } from "@tamis/kit";
import { type Ability, compile } from "@tamis/sieve";
import { readJson } from "./json.ts";

/** How many active scripts are read: enough to find what an upgrade broke, within the time that a doctor has. */
const MAX_SCRIPTS = 5000;
const MAX_NAMED = 10;

interface Examined extends Pick<DoctorContext, "bus" | "signal"> {
  /** What scripts may count on in this installation, on a server that can do everything. */
  readonly abilities: ReadonlySet<Ability>;
}

/** What `tamis doctor` asks of the filter: its durable, and whether every active script still compiles. */
export async function examine({ bus, signal, abilities }: Examined): Promise<readonly Finding[]> {
  if (bus === null) return [];
  try {
    return [await durableFinding(bus), await scriptsFinding(await bus.bucket(buckets.scripts), { signal, abilities })];
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

async function durableFinding(bus: Bus): Promise<Finding> {
  const id = "filter.durable";
  if (await bus.hasConsumer(MAIL.name, FILTER_DURABLE)) {
    return { id, ok: true, text: "the durable `filter` of the stream MAIL exists" };
  }
  // Before the first start there is nothing to mend: the stream and its durable are made together.
  if (!(await exists(bus, MAIL.name))) return { id, ok: true, text: "the stream MAIL is not set up yet" };
  return {
    id,
    ok: false,
    text: "the stream MAIL has no durable `filter`: mail would wait unread",
    mend: "start the filter once: it creates it (`tamis run filter`)",
  };
}

async function exists(bus: Bus, stream: string): Promise<boolean> {
  try {
    await bus.streamState(stream);
    return true;
  } catch (error) {
    if (error instanceof BusUnusable) return false;
    throw error;
  }
}

async function scriptsFinding(bucket: Bucket, { signal, abilities }: Omit<Examined, "bus">): Promise<Finding> {
  const id = "filter.scripts";
  const accounts = (await bucket.keys()).filter((key) => !key.includes("."));
  const broken: string[] = [];
  let read = 0;
  for (const accountId of accounts) {
    if (signal.aborted || read === MAX_SCRIPTS) break;
    read++;
    const entry = await bucket.get(accountId);
    if (entry !== null && !isUsable(entry.value, abilities)) broken.push(accountId);
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

function isUsable(value: Uint8Array, abilities: ReadonlySet<Ability>): boolean {
  const stored = activeScript.safeParse(readJson(value));
  return stored.success && compile(stored.data.text, { abilities }).ok;
}
