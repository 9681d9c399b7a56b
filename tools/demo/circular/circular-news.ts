import type { Bus } from "@tamis/bus";
import { askCirculars } from "@tamis/circulars";
import { type Circular, circularChanged } from "@tamis/contracts";

/** A circular came to its beginning, or to its end. */
export type CircularNews = {
  readonly accountId: string;
  readonly step: "started" | "done";
  /** As it is now. */
  readonly circular: Circular;
  /** Epoch ms. */
  readonly at: number;
};

/**
 * Takes any fact of EVENTS and tells of the beginning and the end of each circular, each once: a fact tells the state of the moment, and a short
 * circular may be done when its first one comes. `onFailed`: `outbox` could not be asked.
 */
export function circularNews(
  bus: Pick<Bus, "request">,
  onNews: (news: CircularNews) => void,
  onFailed: (error: unknown) => void,
): (subject: string, payload: Uint8Array) => void {
  const told = new Set<string>();
  const tell = (accountId: string, circular: Circular): void => {
    for (const { step, at } of stepsOf(circular)) {
      const key = `${accountId}/${circular.id}/${step}`;
      if (told.has(key)) continue;
      told.add(key);
      onNews({ accountId, step, circular, at });
    }
  };
  return (subject, payload) => {
    if (subject.split(".")[2] !== circularChanged.name) return;
    const { accountId, circularId: id } = circularChanged.schema.parse(JSON.parse(Buffer.from(payload).toString()));
    askCirculars(bus, { op: "status", accountId, id }, "circular").then((answer) => {
      if (answer.kind === "circular") tell(accountId, answer.circular);
    }, onFailed);
  };
}

function stepsOf({ startedAt, finishedAt, state }: Circular): ReadonlyArray<Pick<CircularNews, "step" | "at">> {
  return [
    ...(startedAt === null ? [] : [{ step: "started" as const, at: startedAt }]),
    ...(finishedAt === null || state !== "done" ? [] : [{ step: "done" as const, at: finishedAt }]),
  ];
}
