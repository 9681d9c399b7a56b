import { type Bucket, type Bus, BusUnusable, RetryLater } from "@tamis/bus";
import { activeScript, buckets, FILTER_DURABLE, MAIL } from "@tamis/contracts";
import { type DoctorContext, type Finding, findingOf } from "@tamis/kit";
import { type Ability, compile } from "@tamis/sieve";
import { remarks } from "./doctor-texts.ts";
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
    return [findingOf("filter.nats", remarks["nats-silent"], { problem: error.message })];
  }
}

async function durableFinding(bus: Bus): Promise<Finding> {
  const id = "filter.durable";
  const names = { durable: FILTER_DURABLE, stream: MAIL.name };
  if (await bus.hasConsumer(MAIL.name, FILTER_DURABLE)) return findingOf(id, remarks.durable, names);
  // Before the first start there is nothing to mend: the stream and its durable are made together.
  return findingOf(id, (await exists(bus, MAIL.name)) ? remarks["no-durable"] : remarks["no-stream-yet"], names);
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
  if (broken.length > 0) {
    const named = broken.slice(0, MAX_NAMED).join(", ") + (broken.length > MAX_NAMED ? " …" : "");
    return findingOf(id, remarks["broken-scripts"], { broken: broken.length, seen: read, accounts: named });
  }
  return findingOf(id, read === accounts.length ? remarks.scripts : remarks["some-scripts"], {
    seen: read,
    all: accounts.length,
  });
}

function isUsable(value: Uint8Array, abilities: ReadonlySet<Ability>): boolean {
  const stored = activeScript.safeParse(readJson(value));
  return stored.success && compile(stored.data.text, { abilities }).ok;
}
