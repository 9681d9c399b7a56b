import type { JsMsg } from "@nats-io/jetstream";
import { conforms, EVENTS, type Fact, subjects } from "@tamis/contracts";
import { Reject } from "./errors.ts";
import { countOf, follow, readToEnd } from "./follow.ts";
import type { Link } from "./link.ts";
import type { Publish } from "./publish.ts";
import { streamState } from "./streams.ts";
import type { ReadFactsOptions, Stoppable, StoredFact } from "./types.ts";

const encoder = new TextEncoder();

interface Told<T> {
  readonly p: number;
  readonly value: T;
  readonly id: string;
  /** The value as JSON, where there is that already. */
  readonly written: string | undefined;
}

/** A fact that its own schema refuses is our bug, and would be refused by every reader. */
export async function publishFact<T>(
  publish: Publish,
  fact: Fact<T>,
  { p, value, id, written }: Told<T>,
): Promise<void> {
  const text = conforms(fact.schema, value) ? (written ?? JSON.stringify(value)) : JSON.stringify(parsed(fact, value));
  await publish({ subject: subjects.event(p, fact.name), payload: encoder.encode(text), id });
}

function parsed<T>(fact: Fact<T>, value: unknown): T {
  const checked = fact.schema.safeParse(value);
  if (checked.success) return checked.data;
  const fields = checked.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.code}`);
  throw new Reject(`a ${fact.name} is not as its schema says: ${fields.join("; ")}`, { code: "invalid" });
}

export async function* readFacts(
  link: Link,
  filter: string,
  options: ReadFactsOptions = {},
): AsyncGenerator<StoredFact> {
  const { fromTime, lastN, limit = Number.POSITIVE_INFINITY } = options;
  const start = lastN === undefined ? { skip: 0 } : await startOfLast(link, filter, lastN);
  const from =
    start.fromSeq === undefined ? { ...(fromTime === undefined ? {} : { fromTime }) } : { fromSeq: start.fromSeq };
  let { skip } = start;
  let given = 0;
  if (limit <= 0 || lastN === 0) return;
  for await (const message of readToEnd(link, { stream: EVENTS.name, filter, ...from })) {
    const fact = factOf(message);
    if (skip-- > 0 || (fromTime !== undefined && fact.time < fromTime)) continue;
    yield fact;
    if (++given >= limit) return;
  }
}

/** Steps back from the stream's end, further each time, until N matching ones lie behind; `skip` is what is too many. */
async function startOfLast(link: Link, filter: string, lastN: number): Promise<{ fromSeq?: number; skip: number }> {
  const { firstSeq, lastSeq } = await streamState(link, EVENTS.name);
  for (let back = lastN * 4; ; back *= 8) {
    const fromSeq = Math.max(firstSeq, lastSeq - back + 1);
    const count = await countOf(link, { stream: EVENTS.name, filter, fromSeq });
    if (count >= lastN || fromSeq <= firstSeq) return { fromSeq, skip: Math.max(0, count - lastN) };
  }
}

export async function tailFacts(link: Link, filter: string, onFact: (fact: StoredFact) => void): Promise<Stoppable> {
  // By sequence, not by "new": the client would start a lost reader of new messages again at the stream's beginning.
  const { lastSeq } = await streamState(link, EVENTS.name);
  return follow(link, { stream: EVENTS.name, filter, fromSeq: lastSeq + 1 }, (message) => onFact(factOf(message)));
}

function factOf(message: JsMsg): StoredFact {
  return { subject: message.subject, payload: message.data, time: message.time.getTime(), seq: message.seq };
}
