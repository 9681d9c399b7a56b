import type { ObjectBucket } from "@tamis/bus";
import type { DraftsAnswer } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import { openIdentities } from "../lists/ldap/directory-identities.ts";
import { DAY_MS, HOUR_MS, now, type Outbox } from "../outbox-context.ts";
import { authzidAs } from "../submission/authzid.ts";
import { submissionName } from "../submission/open-submission.ts";
import { openDraftIntake } from "../tables/draft-intake.ts";
import { openDraftWork } from "../tables/draft-work.ts";
import type { Tables } from "../tables/schema.ts";
import type { Language } from "../texts.ts";
import { DraftKeeper } from "./draft-keeper.ts";
import { onDraftsAsk } from "./on-drafts-ask.ts";

export interface DraftParts {
  readonly keeper: DraftKeeper;
  /** `outbox.drafts`. */
  answer(question: unknown): Promise<DraftsAnswer>;
}

interface Around {
  readonly store: Store<Tables>;
  readonly objects: ObjectBucket;
  /** In which an owner is written to. */
  readonly languageOf: (accountId: string) => Language;
  /** Something is in the ledger that leaves, or came to its last word. */
  readonly onChanged: () => void;
}

/** What becomes of the drafts that people leave in a folder to be sent later. */
export function openDraftParts(service: Outbox, { store, objects, languageOf, onChanged }: Around): DraftParts {
  const { settings, bus, log } = service;
  const { outbox, drafts } = settings;
  const { marks, zone } = drafts;
  const graceMs = drafts.grace_minutes * 60_000;
  const domain = submissionName(outbox);
  const rules = { domain, lifeMs: outbox.expire_hours.submission * HOUR_MS, isTracking: outbox.receipts !== undefined };
  const notices = { name: domain, languageOf, marks };
  const keeper = new DraftKeeper({
    work: openDraftWork(store, rules),
    bus,
    objects,
    notices,
    keepMs: outbox.keep_days * DAY_MS,
    now,
    log,
    onScheduled: onChanged,
  });
  const deps = {
    intake: openDraftIntake(store, { ...rules, limit: outbox.limits.submission, graceMs }),
    objects,
    identities: openIdentities(service),
    marks,
    zone,
    graceMs,
    maxBytes: outbox.max_bytes,
    notices,
    authzidOf: authzidAs(outbox.submission?.send_as ?? "relay-user"),
    now,
    log,
    onChanged: () => {
      onChanged();
      keeper.wake();
    },
  };
  return { keeper, answer: (question) => onDraftsAsk(question, deps) };
}
