import type { OnStop } from "@tamis/kit";
import type { Store } from "@tamis/store";
import { slotOf } from "../circulars/open-circular-parts.ts";
import { now, type Outbox } from "../outbox-context.ts";
import { openLookups } from "../tables/lookups.ts";
import type { Tables } from "../tables/schema.ts";
import { askArrival } from "./ask-arrival.ts";
import { Inquirer } from "./inquirer.ts";

/** Looks up what is unknown until the service stops, where `outbox.lookup` says how; `woken` by what comes of it. */
export function inquire(
  { settings, instance, log }: Outbox,
  store: Store<Tables>,
  woken: readonly { wake(): void }[],
  onStop: OnStop,
): void {
  const { lookup } = settings.outbox;
  if (lookup === undefined) return;
  const inquirer = new Inquirer({
    lookups: openLookups(store, slotOf(instance)),
    settings: lookup,
    ask: askArrival,
    now,
    log,
    onRuled: () => {
      for (const one of woken) one.wake();
    },
  });
  inquirer.start();
  onStop(() => inquirer.stop());
}
