import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { waitFor } from "@tamis/testkit";
import { check } from "./check.ts";
import { circularNews } from "./circular/circular-news.ts";
import { SENDER, sendCircular } from "./circular/send-circular.ts";
import { languageOf } from "./language.ts";
import { departures } from "./ledger.ts";
import { live } from "./live.ts";
import { opening } from "./opening.ts";
import { post } from "./post.ts";
import { handBack } from "./relay.ts";
import { faultyScripts } from "./rules-store.ts";
import { school } from "./school.ts";
import { laterNames, untilReady } from "./services.ts";
import { type Stack, startStack } from "./stack.ts";
import { textsIn } from "./texts.ts";
import { tracker } from "./tracker.ts";
import { view } from "./view.ts";

const PARENT = resolve(import.meta.dirname, "../../.tamis");
const language = languageOf(process.env);
const texts = textsIn(language);
const accounts = school();
const screen = view(process.stdout, texts, accounts);

type Options = { readonly check: boolean; readonly seconds: number | null; readonly help: boolean };

/** Throws with the usage on anything unknown. */
function readArguments(args: readonly string[]): Options {
  const options = {
    check: { type: "boolean" },
    seconds: { type: "string" },
    help: { type: "boolean", short: "h" },
  } as const;
  const { values } = parseArgs({ args: [...args], options, strict: true });
  const seconds = values.seconds === undefined ? null : Number(values.seconds);
  if (seconds !== null && !(seconds > 0)) throw new Error(texts.unknownArgument(`--seconds ${values.seconds}`));
  return { check: values.check ?? false, seconds, help: values.help ?? false };
}

/** Mails still under way at the end get so long. */
const FINISH_MS = 5_000;
const INTERRUPTED = 130;
/** So that the circular can be seen as scheduled. */
const CIRCULAR_MS = 10_000;
/** What the start does not wait for is there within this, on a busy machine too. */
const LATER_MS = 120_000;

/** Ctrl-C or another signal ends the demo in order; a second one at once, and the guardian of testkit clears up. */
function stopSignal(): AbortController {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
  return controller;
}

/** From here on facts are shown, and what leaves for the school comes back. */
async function watch(stack: Stack) {
  const { bus, dovecot, relay } = stack;
  const seen = tracker((sighting) => screen.mail(sighting));
  const onDeparture = departures(bus, screen.departure, (error) => screen.print(texts.ledgerFailed(String(error))));
  const onCircular = circularNews(bus, screen.circular, (error) => screen.print(texts.ledgerFailed(String(error))));
  const tail = await bus.tailFacts("event.*.*", ({ subject, payload }) => {
    seen.onFact(subject, payload);
    onDeparture(subject, payload);
    onCircular(subject, payload);
  });
  const returned = handBack({ relay, dovecot, tracker: seen, accounts });
  return { seen, returned, tail, sender: post({ dovecot, tracker: seen, accounts }) };
}

/** Soon a circular leaves for the whole school. */
async function announce({ bus, servicePorts }: Stack, signal: AbortSignal): Promise<void> {
  const sender = accounts.find(({ local }) => local === SENDER);
  if (sender === undefined) return;
  try {
    await untilReady(servicePorts.outbox, LATER_MS, signal);
    if (!signal.aborted) await sendCircular({ bus, sender, language, delayMs: CIRCULAR_MS });
  } catch (error) {
    if (!signal.aborted) screen.print(texts.circularRefused(String(error)));
  }
}

async function show(stack: Stack, signal: AbortSignal): Promise<boolean> {
  const { seen, tail, sender } = await watch(stack);
  screen.print(opening({ stack, accounts, texts, language, columns: Math.min(process.stdout.columns ?? 80, 80) }));
  void announce(stack, signal);
  await live({ post: sender, view: screen, texts, signal });
  await waitFor(() => seen.pending().length === 0, { timeoutMs: FINISH_MS }).catch(() => {});
  await tail.stop();
  screen.end();
  const unsettled = seen.pending().length;
  if (screen.count() > 0) screen.print(`\n${screen.totals()}`);
  screen.print(texts.summary(sender.delivered(), sender.delivered() - unsettled));
  // Interrupted in the middle of a stream: mail that came last may not be announced yet.
  return true;
}

async function verify(stack: Stack, signal: AbortSignal): Promise<boolean> {
  const { seen, returned, tail, sender } = await watch(stack);
  for (const name of laterNames) await untilReady(stack.servicePorts[name], LATER_MS, signal);
  signal.throwIfAborted();
  const options = { stack, tracker: seen, post: sender, returned, accounts, view: screen, texts, signal };
  const ok = await check(options, language);
  await tail.stop();
  return ok;
}

/** A service that ends by itself ends the demo, with the place of its logs. */
async function withServices<T>(stack: Stack, stopping: AbortController, work: Promise<T>): Promise<T> {
  const ended = stack.servicesEnded.then(() => {
    stopping.abort();
    throw new Error(texts.servicesEnded(stack.logFile));
  });
  return Promise.race([work, ended]);
}

async function demonstrate(options: Options): Promise<boolean> {
  const faults = faultyScripts(accounts, language);
  if (faults.length > 0) throw new Error(`${texts.ruleFault(faults.length)}\n${faults.join("\n")}`);
  const stopping = stopSignal();
  const started = performance.now();
  screen.print(`${texts.title}\n\n${texts.starting}`);
  const stack = await startStack({ parent: PARENT, accounts, texts, language, signal: stopping.signal });
  screen.print(texts.up(((performance.now() - started) / 1_000).toFixed(1)));
  if (options.seconds !== null) setTimeout(() => stopping.abort(), options.seconds * 1_000).unref();
  let ok = false;
  try {
    ok = await withServices(
      stack,
      stopping,
      options.check ? verify(stack, stopping.signal) : show(stack, stopping.signal),
    );
  } finally {
    screen.end();
    screen.print(texts.stopping);
    await stack.stop(!ok);
  }
  screen.print(ok ? texts.stopped : texts.stoppedWithLogs(stack.logFile));
  return ok;
}

async function main(): Promise<number> {
  const options = readArguments(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(texts.usage);
    return 0;
  }
  return (await demonstrate(options)) ? 0 : 1;
}

function explain(error: unknown): void {
  if (error instanceof Error && error.name === "AbortError") return;
  const cause = error instanceof Error && error.cause instanceof Error ? `\n  ${error.cause.message}` : "";
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}${cause}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  explain(error);
  process.exitCode = error instanceof Error && error.name === "AbortError" ? INTERRUPTED : 1;
}
