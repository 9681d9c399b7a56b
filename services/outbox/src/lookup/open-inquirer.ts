import type { OnStop } from "@tamis/kit";
import type { Store } from "@tamis/store";
import { slotOf } from "../circulars/open-circular-parts.ts";
import { HOUR_MS, now, type Outbox } from "../outbox-context.ts";
import { openLookups, type Question } from "../tables/lookups.ts";
import type { Tables } from "../tables/schema.ts";
import { askArrival, type Places } from "./ask-arrival.ts";
import { askProgram } from "./ask-program.ts";
import type { JournalSettings, LookupSettings } from "./config.ts";
import { Inquirer } from "./inquirer.ts";
import { journalOf } from "./journal-of.ts";
import { type Journal, type Searched, searchMailbox } from "./search-mailbox.ts";

/** Looks up what is unknown until the service stops, where `outbox.lookup` says how; `woken` by what comes of it. */
export function inquire(
  outbox: Outbox,
  store: Store<Tables>,
  woken: readonly { wake(): void }[],
  onStop: OnStop,
): void {
  const { settings, instance, log } = outbox;
  const { lookup } = settings.outbox;
  if (lookup === undefined) return;
  const places = placesOf(outbox, lookup);
  const inquirer = new Inquirer({
    lookups: openLookups(store, slotOf(instance)),
    settings: lookup,
    ask: (question, signal) => askArrival(question, places, signal),
    now,
    log,
    onRuled: () => {
      for (const one of woken) one.wake();
    },
  });
  inquirer.start();
  onStop(() => inquirer.stop());
}

function placesOf(outbox: Outbox, { mailbox, command, timeout_ms: timeoutMs }: LookupSettings): Places {
  return {
    mailbox:
      mailbox === undefined
        ? null
        : { giveUpMs: mailbox.give_up_hours * HOUR_MS, search: searchIn(outbox, mailbox, timeoutMs) },
    program:
      command === undefined ? null : (messageId, signal) => askProgram({ command, timeoutMs }, messageId, signal),
    now,
  };
}

function searchIn(
  { settings, bus, log }: Outbox,
  mailbox: JournalSettings,
  timeoutMs: number,
): (question: Question) => Promise<Searched["kind"]> {
  let journal: Journal | null = null;
  return async ({ messageId, sentAfter }) => {
    // The account may be yet to come.
    journal ??= journalOf(mailbox, settings.file);
    const sought = { messageId, since: sentAfter, timeoutMs };
    const kind = journal === null ? "refused" : (await searchMailbox(bus, journal, sought)).kind;
    if (kind === "refused") log.warn({ accountId: journal?.accountId }, "lookup-refused");
    return kind;
  };
}
