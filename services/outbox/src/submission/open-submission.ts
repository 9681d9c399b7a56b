import { hostname } from "node:os";
import type { Meter, Tracer } from "@opentelemetry/api";
import { SpanKind } from "@opentelemetry/api";
import type { Bus } from "@tamis/bus";
import { metrics } from "@tamis/contracts";
import { doorsSections, type OpenDoors, openDoors } from "@tamis/doors";
import {
  type Certificate,
  ConfigFault,
  type Logger,
  loadSettings,
  type OnStop,
  openCertificate,
  type SharedSettings,
  traceparentOf,
} from "@tamis/kit";
import type { OutboxConfig } from "../config.ts";
import type { SubmissionConfig } from "./config.ts";
import { futureReleaseLine } from "./hold.ts";
import { type ImmediateOptions, ImmediateSender } from "./immediate-sender.ts";
import type { SmtpDoor } from "./smtp-door.ts";
import { Spool } from "./spool.ts";
import { type DeskOptions, type Guest, newGuest, SubmissionDesk } from "./submission-desk.ts";

export interface SubmissionParts extends Omit<ImmediateOptions, "connections" | "log"> {
  readonly settings: SharedSettings & { readonly outbox: OutboxConfig };
  readonly submission: SubmissionConfig;
  readonly bus: Pick<Bus, "publishFact">;
  readonly log: Logger;
  readonly meter: Meter;
  readonly tracer: Tracer;
  readonly lifeMs: DeskOptions["lifeMs"];
  readonly identities: DeskOptions["identities"];
}

/** What is under way may take so long at a stop; then connections are cut, ms. */
const GRACE_MS = 3_000;

/** The name that this installation has as a mail server. */
export const submissionName = ({ relay, submission }: OutboxConfig): string =>
  submission?.name ?? relay.name ?? hostname();

/** Lets people in who submit mail. */
export async function openSubmission(parts: SubmissionParts, onStop: OnStop): Promise<void> {
  const { submission, log } = parts;
  const certificate = certificateOf(parts);
  const door = openOwnDoor(parts);
  onStop(() => door.stop());
  const immediate = new ImmediateSender({ ...parts, connections: submission.relay_connections });
  onStop(() => immediate.stop(GRACE_MS));
  const desk = openDesk(parts, { door, immediate });
  // Loaded by those alone who let people in.
  const { SmtpDoor: Door } = await import("./smtp-door.ts");
  const doors = listenWith(parts, { desk, certificate, Door });
  onStop(() => Promise.all(doors.map((open) => open.stop())));
  for (const [index, { host, port }] of submission.listen.entries()) await listening(doors[index], { host, port });
  log.info({ listen: submission.listen }, "submission-open");
}

function openOwnDoor({ settings, bus, log, instance, meter }: SubmissionParts): OpenDoors {
  const signIns = meter.createCounter(metrics.signIns, { unit: "{attempt}", description: "Attempts to sign in" });
  return openDoors({
    door: "submission",
    // Only who lets people in needs to know the accounts and the IMAP server.
    settings: loadSettings(settings.file, doorsSections),
    publishFact: (fact, p, value, id) => bus.publishFact(fact, p, value, id),
    log,
    instance,
    onAttempt: (result) => signIns.add(1, { door: "submission", result }),
  });
}

interface DeskParts {
  readonly door: OpenDoors;
  readonly immediate: ImmediateSender;
}

function openDesk(parts: SubmissionParts, { door, immediate }: DeskParts): SubmissionDesk {
  const { settings, submission, meter, tracer, log, now, lifeMs } = parts;
  const { outbox } = settings;
  const mails = meter.createCounter(metrics.submittedMails, {
    unit: "{mail}",
    description: "Submitted mails, by result",
  });
  return new SubmissionDesk({
    door,
    immediate,
    spool: new Spool({ perMail: outbox.max_bytes, inAll: submission.spool_bytes }),
    settings: submission,
    identities: parts.identities,
    name: submissionName(outbox),
    maxReceived: outbox.max_received,
    isTracking: parts.tracking !== null,
    separator: submission.track_receipts ? (outbox.receipts?.separator ?? null) : null,
    lifeMs,
    now,
    log,
    onMail: (result) => mails.add(1, { result }),
    traced: (work) =>
      tracer.startActiveSpan("submit", { kind: SpanKind.SERVER }, async (span) => {
        try {
          return await work(traceparentOf(span.spanContext()) ?? null);
        } finally {
          span.end();
        }
      }),
  });
}

interface ListenParts {
  readonly desk: SubmissionDesk;
  readonly certificate: Certificate;
  readonly Door: typeof SmtpDoor;
}

function listenWith(parts: SubmissionParts, { desk, certificate, Door }: ListenParts): readonly SmtpDoor<Guest>[] {
  const { settings, submission, meter, log, now } = parts;
  const gauge = meter.createGauge(metrics.submissionSessions, { unit: "{connection}", description: "Connections now" });
  const inside = new Map<string, number>();
  const count = (peer: string, change: number): void => {
    const left = (inside.get(peer) ?? 0) + change;
    if (left === 0) inside.delete(peer);
    else inside.set(peer, left);
    gauge.record([...inside.values()].reduce((sum, one) => sum + one, 0));
  };
  const handlers = {
    enter: (peer: string): Guest | null => {
      if ((inside.get(peer) ?? 0) >= submission.connections_per_address) return null;
      count(peer, 1);
      return newGuest();
    },
    leave: (peer: string) => count(peer, -1),
    signIn: desk.signIn.bind(desk),
    takesTokens: desk.takesTokens.bind(desk),
    sender: desk.sender.bind(desk),
    recipient: desk.recipient.bind(desk),
    mail: desk.mail.bind(desk),
    onBug: (err: unknown) => log.error({ err }, "submission-failed"),
    extensions: () => [futureReleaseLine({ maxMs: desk.maxHoldMs, now: now() })],
    secureContext: () => certificate.context(),
  };
  const name = submissionName(settings.outbox);
  const { max_recipients: maxRecipients, connections } = submission;
  const { max_bytes: maxBytes } = settings.outbox;
  return submission.listen.map(({ tls }) => new Door({ tls, name, maxBytes, maxRecipients, connections }, handlers));
}

function listening(
  door: SmtpDoor<Guest> | undefined,
  { host, port }: { readonly host: string | undefined; readonly port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    door?.server.once("error", reject);
    door?.listen(host === undefined ? { port } : { host, port }, () => {
      door.server.off("error", reject);
      resolve();
    });
  });
}

function certificateOf({ settings, submission, log }: SubmissionParts): Certificate {
  const { cert_file: certFile, key_file: keyFile } = submission;
  try {
    return openCertificate({
      certFile,
      keyFile,
      onFault: (err) => log.error({ err }, "certificate-unusable"),
      onRenewed: (fields) => log.info(fields, "certificate-renewed"),
    });
  } catch (cause) {
    const problem = `the certificate or its key cannot be used: ${cause instanceof Error ? cause.message : ""}`;
    const mend = "name a certificate and its own key, both PEM";
    const fault = { file: settings.file, line: 0, column: 0, path: "outbox.submission.cert_file", problem, mend };
    throw new ConfigFault([fault], { cause });
  }
}
