import { type Attributes, ROOT_CONTEXT, type Tracer } from "@opentelemetry/api";
import type { Bus, Publication } from "@tamis/bus";
import {
  BATCH_MAX_BYTES,
  BATCH_MAX_MAILS,
  type BatchedMail,
  type BatchHead,
  encodeMailBatch,
  formatMailId,
  headerNames,
  type ImapEvent,
  partitionOf,
  subjects,
} from "@tamis/contracts";
import { traceparentOf } from "@tamis/kit";
import { fingerprintOf } from "./fingerprint.ts";
import type { FetchedMail } from "./imap/fetched-mail.ts";

/** A mail fetched and known by its fingerprint. */
export interface ReadMail extends FetchedMail {
  readonly fingerprint: string;
  /** Epoch ms with fractions. */
  readonly seenAt: number;
  readonly fetchedAt: number;
  /** What happened to it, where it is published because of that. */
  readonly event?: ImapEvent;
}

export const now = (): number => performance.timeOrigin + performance.now();

export function readMail(mail: FetchedMail, seenAt: number): ReadMail {
  return { ...mail, fingerprint: fingerprintOf(mail), seenAt, fetchedAt: now() };
}

/** Cuts mails into batches of at most 64 and 512 KiB; a mail alone may be larger than that with its record. */
export function cutBatches(mails: readonly ReadMail[]): readonly (readonly ReadMail[])[] {
  const batches: ReadMail[][] = [];
  let bytes = 0;
  let batch: ReadMail[] = [];
  for (const mail of mails) {
    const weight = mail.bytes.length + 400;
    if (batch.length > 0 && (batch.length === BATCH_MAX_MAILS || bytes + weight > BATCH_MAX_BYTES)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(mail);
    bytes += weight;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** Publishes one batch to MAIL; resolves when JetStream has it. `again` tells a re-publication from the first one. Rejects as `Bus.publish` does. */
export async function publishBatch(
  deps: { readonly bus: Bus; readonly tracer: Tracer },
  head: BatchHead,
  mails: readonly ReadMail[],
  again: string,
): Promise<void> {
  if (mails.length > 0) await deps.bus.publish(frameBatch(deps.tracer, head, mails, again));
}

/** The batch of these mails, of which there is one at least, as MAIL takes it. */
export function frameBatch(tracer: Tracer, head: BatchHead, mails: readonly ReadMail[], again: string): Publication {
  const p = partitionOf(head.accountId);
  const framed = mails.map((mail): BatchedMail => framedMail(tracer, head, mail));
  const traceparent = framed[0]?.meta.traceparent;
  const uids = `${mails[0]?.uid}-${mails.at(-1)?.uid}.${mails.length}`;
  return {
    subject: subjects.mailReceived(p),
    payload: encodeMailBatch({ head, mails: framed }),
    compress: true,
    id: `${head.accountId}/${head.folder.id}/${head.folder.uidValidity}/${uids}/received${again}`,
    headers: { [headerNames.account]: head.accountId, [headerNames.partition]: String(p) },
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

function framedMail(tracer: Tracer, head: BatchHead, mail: ReadMail): BatchedMail {
  const { uid, size, internalDate, flags, fingerprint, seenAt, fetchedAt, omission, event } = mail;
  const traceparent = rootSpan(tracer, head, mail);
  return {
    meta: {
      uid,
      size,
      internalDate,
      flags: [...flags],
      fingerprint,
      seenAt,
      fetchedAt,
      ...(omission === undefined ? {} : { omission }),
      ...(event === undefined ? {} : { event }),
      ...(traceparent === undefined ? {} : { traceparent }),
    },
    raw: mail.bytes,
  };
}

/** One mail = one trace: its root is the fetch, from the server's EXISTS to the bytes being here. */
function rootSpan(tracer: Tracer, { accountId, folder, purpose }: BatchHead, mail: ReadMail): string | undefined {
  const span = tracer.startSpan("mail fetch", { root: true, startTime: mail.seenAt }, ROOT_CONTEXT);
  if (span.isRecording()) {
    const attributes: Attributes = {
      "mail.id": formatMailId({ accountId, folderId: folder.id, uidValidity: folder.uidValidity, uid: mail.uid }),
      "mail.size": mail.size,
      "mail.purpose": purpose,
    };
    span.setAttributes(attributes);
  }
  span.end(mail.fetchedAt);
  return traceparentOf(span.spanContext());
}
