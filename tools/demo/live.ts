import { setTimeout as delay } from "node:timers/promises";
import type { Sample } from "./mails/sample.ts";
import { samples } from "./mails.ts";
import type { Post } from "./post.ts";
import type { Texts } from "./texts.ts";
import type { View } from "./view.ts";

type LiveOptions = {
  readonly post: Post;
  readonly view: View;
  readonly texts: Texts;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /** 0 … 1, as `Math.random`. */
  readonly random?: () => number;
};

/** Between two mails on average, ms; every so often several come at once. */
const PAUSE_MS = 900;
const BURST_SHARE = 0.06;
const BURST_MAILS = 8;
const TOTALS_EVERY_MS = 30_000;

/** All templates in a new order each time, so that every mailbox gets its share. */
export function* endlessly(all: readonly Sample[], random: () => number): Generator<Sample> {
  for (;;) {
    const order = all.map((sample) => ({ sample, rank: random() })).toSorted((a, b) => a.rank - b.rank);
    for (const { sample } of order) yield sample;
  }
}

/** Lets mail come in, irregularly, until the signal. */
export async function live({ post, view, texts, signal, random = Math.random }: LiveOptions): Promise<void> {
  const stream = endlessly(samples, random);
  let burst = 0;
  let totalsAt = performance.now() + TOTALS_EVERY_MS;
  view.head();
  while (!signal.aborted) {
    const { value: sample } = stream.next();
    if (sample === undefined) return;
    await post.send(sample).catch((error: unknown) => view.print(texts.refused(sample.name, String(error))));
    if (burst > 0) burst -= 1;
    else if (random() < BURST_SHARE) burst = BURST_MAILS;
    if (performance.now() > totalsAt) {
      totalsAt += TOTALS_EVERY_MS;
      view.milestone();
    }
    const pause = burst > 0 ? 0 : PAUSE_MS * (0.4 + 1.2 * random());
    await delay(pause, undefined, { signal }).catch(() => {});
  }
}
