import { submit } from "@tamis/bus";
import {
  APPLY,
  buckets,
  type DraftsAsk,
  draftsAnswer,
  EVENTS,
  FILTER_DURABLE,
  MAIL,
  mailDecided,
  PARKED,
  receiptAsked,
  reportAnswer,
  rewrittenObjects,
  subjects,
} from "@tamis/contracts";
import {
  imapsieveSection,
  type OnStop,
  type ServiceContext,
  type ServiceDefinition,
  sectionNames,
  startInOrder,
} from "@tamis/kit";
import { abilitiesOf, type Offers, openGlobalScripts, openOffers, readMeans } from "@tamis/offers";
import type { Ability } from "@tamis/sieve";
import { NOBODY } from "./authentication.ts";
import { type FilterSettings, filterConfig } from "./config.ts";
import type { DecideSettings } from "./decide.ts";
import { decideMeter } from "./decide-meter.ts";
import { examine } from "./doctor.ts";
import { examineFiles } from "./doctor-files.ts";
import { openEventRules } from "./event-rules.ts";
import { openLists } from "./lists.ts";
import { openMemory } from "./memory.ts";
import { mailboxAsker } from "./needs.ts";
import { mailAsked } from "./on-mail-asked.ts";
import { type FilterDeps, onMailReceived } from "./on-mail-received.ts";
import { openOrganisation, type ScriptFileOptions } from "./organisation.ts";
import { scriptFile } from "./organisation-script.ts";
import { programRunner } from "./program-runner.ts";
import type { TellReplies } from "./replies.ts";
import type { Reports } from "./reports.ts";
import { openScripts, type Scripts } from "./scripts.ts";
import { carefully } from "./sender.ts";
import { verdictReader } from "./verdict.ts";

const sections = {
  filter: filterConfig,
  imapsieve: imapsieveSection(scriptFile("the organisation's script for this folder", true)),
};
/** Batches that somebody waits for, held at once beside those of the stream: they wait for the processor, seldom for others. */
const ASKED_PER_WORKER = 4;

type Filter = ServiceContext<typeof sections>;

/** MAIL → the account's script → `mailbox.apply` and `mail-decided`. */
export const filterService: ServiceDefinition<typeof sections> = {
  name: "filter",
  sections,
  start: (service) => startInOrder((onStop) => startParts(service, onStop)),
  async doctor(context) {
    const { settings } = context;
    const abilities = abilitiesOfAnybody(settings.file);
    return [
      ...(await examineFiles({ settings: settings.filter, abilities })),
      ...(await examine({ ...context, abilities })),
    ];
  },
};

async function startParts(service: Filter, onStop: OnStop): Promise<void> {
  const { bus, settings } = service;
  await bus.ensureStreams([APPLY, EVENTS, PARKED]);
  await bus.ensureMailStream();
  const offers = await offersOf(service);
  onStop(() => offers.stop());
  const scripts = await scriptsOf(service, offers);
  onStop(() => scripts.stop());
  const deps = await depsOf(service, scripts);
  const consumption = await bus.consume({
    stream: MAIL.name,
    durable: FILTER_DURABLE,
    concurrency: settings.filter.concurrency,
    handle: (delivery) => onMailReceived(delivery, deps),
  });
  onStop(() => consumption.stop());
  const asked = mailAsked(deps, settings.filter.concurrency * ASKED_PER_WORKER);
  const responder = await bus.respond(subjects.mailDecide, asked.respond, { queue: "filter", near: true });
  onStop(async () => {
    await responder.stop();
    await asked.idle();
  });
}

/** The most that an account may be offered: whose server nobody has seen, and who may run programs if anybody may. */
function abilitiesOfAnybody(file: string): ReadonlySet<Ability> {
  const means = readMeans(file);
  const anybody = { server: null, programs: means.programs !== null, imapEvents: means.imapEvents !== null };
  return abilitiesOf(means, anybody, "all");
}

/** A server that nobody has told of yet may be able to do anything: what runs is not stopped for want of news. */
async function offersOf({ bus, settings }: Filter): Promise<Offers> {
  return openOffers({ bucket: await bus.bucket(buckets.servers), means: readMeans(settings.file), unknown: "all" });
}

async function scriptsOf({ bus, settings, log }: Filter, offers: Offers): Promise<Scripts> {
  return openScripts({
    bucket: await bus.bucket(buckets.scripts),
    drafts: await bus.bucket(buckets.drafts),
    offers,
    globals: openGlobalScripts({
      folder: settings.filter.organisation.global_scripts ?? null,
      clock: () => performance.now(),
      onUnusable: (fields) => log.error(fields, "global-script-unusable"),
    }),
    onStatus: (listener) => bus.onStatus(listener),
    kept: settings.filter.scripts_kept,
    recheckMs: settings.filter.recheck_seconds * 1000,
    clock: () => performance.now(),
    onUnusable: (fields) => log.warn(fields, "script-unusable"),
  });
}

async function depsOf(service: Filter, scripts: Scripts): Promise<FilterDeps> {
  const { bus, settings, log, tracer, meter } = service;
  const { filter } = settings;
  const configured = sectionNames(settings.file);
  const asker = mailboxAsker(bus, { timeoutMs: filter.ask_timeout_ms, wholeMailBytes: filter.whole_mail_bytes });
  const followed: ScriptFileOptions = {
    clock: () => performance.now(),
    onUnusable: (fields) => log.error(fields, "organisation-script-unusable"),
  };
  return {
    scripts,
    organisation: openOrganisation({ settings: filter, ...followed }),
    eventRules: openEventRules({ settings: settings.imapsieve, scripts, asker, ...followed }),
    openMemory: openMemory({
      bucket: await bus.bucket(buckets.memory),
      onCorrupt: (fields) => log.error(fields, "script-memory-begun-anew"),
    }),
    lists: openLists({
      lists: filter.lists,
      memoryBytes: filter.lists_memory_bytes,
      clock: () => performance.now(),
      onUnusable: (fields) => log.error(fields, "list-unusable"),
    }),
    runner: configured.includes("programs") ? programRunner(bus, filter.program_timeout_ms) : null,
    keepOutput: async (key, octets) => (await bus.objects(rewrittenObjects)).put(key, octets),
    submit: configured.includes("outbox")
      ? carefully(
          (head, bodies) => submit(bus, head, bodies, { timeoutMs: filter.submit_timeout_ms }),
          () => performance.now(),
        )
      : null,
    reports: configured.includes("receipts") ? reportsOf(service) : null,
    tellReplies: configured.includes("outbox") ? repliesOf(service) : null,
    publishAsked: askedTeller(bus, configured),
    asker,
    settings: decideSettings(filter),
    verdictOf: verdictReader(filter.verdict),
    onRefused: (fields) => log.error(fields, "submission-refused"),
    publish: (publication) => bus.publish(publication),
    publishDecided: (p, { fact, text }, id) => bus.publishFact(mailDecided, p, fact, id, text),
    tracer,
    meter: decideMeter(meter),
    log,
    now: () => performance.timeOrigin + performance.now(),
  };
}

/** Receipts are answered where somebody decides on them, and somebody sends. */
function askedTeller(bus: Filter["bus"], configured: readonly string[]): FilterDeps["publishAsked"] {
  const isAnswered = configured.includes("receipts") && configured.includes("outbox");
  return isAnswered ? (p, fact, id) => bus.publishFact(receiptAsked, p, fact, id) : null;
}

function reportsOf({ bus, settings, log }: Filter): Reports | null {
  const { reports, language, submit_timeout_ms: timeoutMs } = settings.filter;
  if (reports.action === "off") return null;
  const folder = reports.folder ?? (language === "fr" ? "Accusés" : "Receipts");
  return {
    folder: reports.action === "file" ? folder : null,
    handOver: carefully(
      async (report) => {
        const payload = Buffer.from(JSON.stringify(report));
        const reply = await bus.request(subjects.receiptsReport, payload, { timeoutMs });
        return reportAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString()));
      },
      () => performance.now(),
    ),
    onRefused: (fields) => log.error(fields, "report-refused"),
  };
}

function repliesOf({ bus, settings }: Filter): TellReplies {
  const tell = carefully(
    async (ask: DraftsAsk) => {
      const payload = Buffer.from(JSON.stringify(ask));
      const reply = await bus.request(subjects.outboxDrafts, payload, {
        timeoutMs: settings.filter.submit_timeout_ms,
      });
      return draftsAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString()));
    },
    () => performance.now(),
  );
  return async (accountId, reply) => void (await tell({ op: "replied", accountId, ...reply }));
}

const HOUR_MS = 3_600_000;

function decideSettings(filter: FilterSettings): DecideSettings {
  const { authentication } = filter;
  return {
    timeZone: filter.time_zone,
    addressSeparator: filter.address_separator,
    language: filter.language,
    limits: filter.steps_limit === undefined ? {} : { steps: filter.steps_limit },
    envelope: filter.envelope,
    authentication:
      authentication === undefined
        ? NOBODY
        : { authservIds: new Set(authentication.authserv_ids), fields: authentication.fields },
    mostRecipients: filter.redirect_recipients,
    outgoingMaxAgeMs: filter.outgoing_max_age_hours * HOUR_MS,
  };
}
