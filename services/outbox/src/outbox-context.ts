import { draftsSection, type ServiceContext } from "@tamis/kit";
import { storeSections } from "@tamis/store";
import { outboxConfig } from "./config.ts";
import type { CourierOptions } from "./courier.ts";
import type { Measures } from "./measures.ts";
import type { Rates } from "./moments.ts";
import { routeOf } from "./route-of.ts";
import { SessionPool } from "./smtp/session-pool.ts";

export const sections = { ...storeSections, outbox: outboxConfig, drafts: draftsSection };
export type Outbox = ServiceContext<typeof sections>;

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const MINUTE_MS = 60_000;
export const now = (): Date => new Date();

/** What is limited of mail that is no circular. */
export const ratesOf = ({ settings }: Outbox): Rates => ({
  inAll: settings.outbox.relay.mails_per_minute,
  perDomain: {},
});

/** Connections of one courier. */
export const poolOf = ({ settings }: Outbox): SessionPool => {
  const { relay } = settings.outbox;
  return new SessionPool({
    route: routeOf(relay),
    idleMs: relay.idle_ms,
    mailsPerSession: relay.mails_per_connection,
  });
};

/** What is counted and logged of each attempt. */
export const resultsTeller =
  ({ log }: Outbox, measures: Measures): CourierOptions["onResults"] =>
  (sending, results, ms) => {
    measures.results(sending, results, ms);
    const { accountId, mailId, kind } = sending;
    for (const { id, state, reply } of results)
      log.info(
        { accountId, mailId, kind, id, state, code: reply.code, status: reply.status, ms: Math.round(ms) },
        "sending-tried",
      );
  };
