import { setTimeout as delay } from "node:timers/promises";
import { checkLeft, checkReturned } from "./check-left.ts";
import type { CheckOptions } from "./check-options.ts";
import { checkCircular } from "./circular/check-circular.ts";
import type { Language } from "./language.ts";
import type { Mail } from "./mails/sample.ts";
import { scripted } from "./mails/scripted.ts";
import { samples } from "./mails.ts";
import { isInPlace, placesByMessageId, placeText, wantText } from "./places.ts";
import { putScript } from "./put-script.ts";
import { SETTLE_SECONDS, untilSettled } from "./until-settled.ts";

/** A steady stream, not a burst: the times that are shown are those of ordinary mail. */
const PAUSE_MS = 50;

async function deliverAll({ post, view, texts, signal }: CheckOptions): Promise<Mail[]> {
  const mails: Mail[] = [];
  for (const sample of samples) {
    signal.throwIfAborted();
    try {
      mails.push(await post.send(sample));
    } catch (error) {
      view.print(texts.refused(sample.name, String(error)));
    }
    await delay(PAUSE_MS, undefined, { signal });
  }
  return mails;
}

/** Looks over IMAP where each mail is. */
async function checkPlaces(options: CheckOptions, mails: readonly Mail[]): Promise<number> {
  const { stack, accounts, view, texts } = options;
  let right = 0;
  for (const { address, local } of accounts) {
    const places = await placesByMessageId(stack.dovecot, address);
    for (const { sample, messageId } of mails.filter((mail) => mail.sample.to === local)) {
      const found = places.get(messageId) ?? [];
      if (isInPlace(sample.want, found)) right += 1;
      else {
        const foundText = found.map(placeText).join(", ") || texts.nowhere;
        view.print(
          texts.outOfPlace({ name: sample.name, account: local, wanted: wantText(sample.want), found: foundText }),
        );
      }
    }
  }
  return right;
}

/** A script put by ManageSieve decides on the next mail; none where it was not taken. */
async function deliverScripted(options: CheckOptions): Promise<readonly Mail[]> {
  const { stack, post, view, texts } = options;
  view.print(texts.puttingScript(scripted.to));
  const refusal = await putScript(stack, scripted.to);
  if (refusal === null) return [await post.send(scripted)];
  view.print(texts.scriptRefused(refusal));
  return [];
}

/**
 * Delivers every sample once, waits for each to be settled and for what leaves because of them, then puts a script by
 * ManageSieve and delivers one more, and sends a circular; looks where each mail is. True when all is as it must be.
 */
export async function check(options: CheckOptions, language: Language): Promise<boolean> {
  const { view, texts } = options;
  view.print(texts.delivering(samples.length));
  view.head();
  const mails = await deliverAll(options);
  await untilSettled(options);
  const left = await checkLeft({ ...options, bus: options.stack.bus }, SETTLE_SECONDS * 1_000);
  mails.push(...(await deliverScripted(options)));
  await untilSettled(options);
  const returned = await checkReturned(options);
  const circular = await checkCircular(options, language);
  view.end();
  const right = (await checkPlaces(options, mails)) + left.right + returned.right + circular.right;
  const all = samples.length + 1 + left.all + returned.all + circular.all;
  view.print(view.totals());
  view.print(texts.inPlace(right, all));
  return right === all;
}
