import { randomBytes } from "node:crypto";
import type { Answer, ObjectBucket, Stoppable } from "@tamis/bus";
import { subjects } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import type { CircularParts } from "./circulars/open-circular-parts.ts";
import type { Courier } from "./courier.ts";
import type { DraftParts } from "./drafts/open-draft-parts.ts";
import type { Filer } from "./filer.ts";
import { onOutboxAsk } from "./on-outbox-ask.ts";
import { onSubmit } from "./on-submit.ts";
import { HOUR_MS, now, type Outbox } from "./outbox-context.ts";
import type { SendingKind } from "./sending-kind.ts";
import { openIntake } from "./tables/intake.ts";
import { openOwners } from "./tables/owners.ts";
import type { Tables } from "./tables/schema.ts";
import type { Upkeep } from "./tables/upkeep.ts";

export interface AnsweringParts {
  readonly store: Store<Tables>;
  readonly upkeep: Upkeep;
  readonly ended: { wake(): void };
  readonly courier: Courier;
  readonly circulars: CircularParts;
  readonly drafts: DraftParts;
  readonly filer: Filer;
  readonly objects: ObjectBucket;
}

/** Answers what is asked over the bus: submissions of scripts, the ledger, circulars, drafts. */
export async function answerAsks(
  { settings, bus, log }: Outbox,
  { store, upkeep, ended, courier, circulars, drafts, filer, objects }: AnsweringParts,
): Promise<readonly Stoppable[]> {
  const { outbox } = settings;
  const lifeMs = (kind: SendingKind): number => outbox.expire_hours[kind] * HOUR_MS;
  const submitDeps = {
    intake: openIntake(store, outbox.limits),
    objects,
    rules: {
      redirectFrom: outbox.redirect_from,
      key: outbox.key?.reveal() ?? (await upkeep.keepOnce("redirect-key", randomBytes(32).toString("hex"))),
      maxReceived: outbox.max_received,
      maxRedirects: outbox.max_redirects,
      maxBytes: outbox.max_bytes,
      lifeMs,
    },
    now,
    log,
    onStored: () => {
      courier.wake();
      filer.wake();
    },
  };
  const onRuled = (): void => {
    courier.wake();
    ended.wake();
  };
  const askDeps = { owners: openOwners(store, lifeMs), upkeep, language: outbox.language, now, onRuled };
  return [
    await bus.respond(subjects.outboxSubmit, async ({ payload }) => answerOf(await onSubmit(payload, submitDeps)), {
      queue: "outbox",
    }),
    await bus.respond(
      subjects.outboxAsk,
      async ({ payload }) => answerOf(await onOutboxAsk(JSON.parse(Buffer.from(payload).toString()), askDeps)),
      { queue: "outbox" },
    ),
    await bus.respond(
      subjects.outboxCirculars,
      async ({ payload }) => answerOf(await circulars.answer(JSON.parse(Buffer.from(payload).toString()))),
      { queue: "outbox" },
    ),
    await bus.respond(
      subjects.outboxDrafts,
      async ({ payload }) => answerOf(await drafts.answer(JSON.parse(Buffer.from(payload).toString()))),
      { queue: "outbox" },
    ),
  ];
}

const answerOf = (value: unknown): Answer => ({ payload: Buffer.from(JSON.stringify(value)) });
