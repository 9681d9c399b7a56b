import { type ReceiptRequest, type RequestState, receiptRequest } from "@tamis/contracts";
import type { Selectable, Transaction } from "kysely";
import type { Tables } from "./schema.ts";

type Db = Transaction<Tables>;
type Row = Selectable<Tables["request"]>;

/** A request whose mail is to be settled, or whose notification is to leave. */
export interface DueRequest {
  readonly id: number;
  readonly accountId: string;
  readonly fingerprint: string;
  readonly mailId: string;
  readonly folder: string;
  readonly request: ReceiptRequest;
  /** INTERNALDATE of the mail, epoch ms. */
  readonly at: number;
  readonly state: "settling" | "refusing" | "sending";
  readonly mode: "manual" | "automatic";
  /** Of `sending`. */
  readonly notification: Buffer | null;
  readonly tries: number;
}

/** What became of something that was due. */
export interface Progress {
  readonly state: RequestState;
  readonly reason?: string;
  /** Of `sending`: what is to leave. */
  readonly notification?: Uint8Array;
}

/** States in which a request waits for somebody. */
export const OPEN: readonly RequestState[] = ["waiting", "asking"];

/** Drops what nobody read or answered since the one moment, and all from before the other. */
export async function dropRequests(db: Db, openBefore: Date, before: Date): Promise<void> {
  await db.deleteFrom("request").where("state", "in", OPEN).where("made_at", "<", openBefore).execute();
  await db.deleteFrom("request").where("made_at", "<", before).execute();
}

/** null: not told yet, or written by another version. */
export function requestIn({ request }: Pick<Row, "request">): ReceiptRequest | null {
  const parsed = request === null ? null : receiptRequest.safeParse(JSON.parse(request));
  return parsed?.success === true ? parsed.data : null;
}

/** One that is due; until `until` nobody else is given it. */
export async function claim(db: Db, now: Date, until: Date): Promise<DueRequest | null> {
  const row = await db
    .selectFrom("request")
    .selectAll()
    .where("due_at", "<=", now)
    .orderBy("due_at")
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (row === undefined) return null;
  const due = dueRequest(row);
  await db
    .updateTable("request")
    .set({ due_at: due === null ? null : until })
    .where("id", "=", row.id)
    .execute();
  return due;
}

function dueRequest(row: Row): DueRequest | null {
  const { state, id, fingerprint, folder, tries, mode, notification } = row;
  const request = requestIn(row);
  if (request === null || (state !== "settling" && state !== "refusing" && state !== "sending")) return null;
  return {
    id,
    accountId: row.account_id,
    fingerprint,
    mailId: row.mail_id,
    folder,
    request,
    at: row.arrived_at?.getTime() ?? 0,
    state,
    mode: mode ?? "automatic",
    notification: notification === null ? null : Buffer.from(notification, "base64"),
    tries,
  };
}

/** Writes what became of it, where nobody else did meanwhile. */
export async function write(
  db: Db,
  { id, state: before }: DueRequest,
  { progress, now }: { readonly progress: Progress; readonly now: Date },
): Promise<void> {
  const { state, reason, notification } = progress;
  await db
    .updateTable("request")
    .set({
      state,
      reason: reason ?? null,
      notification: notification === undefined ? null : Buffer.from(notification).toString("base64"),
      due_at: state === "sending" ? now : null,
      tries: 0,
      changed_at: now,
    })
    .where("id", "=", id)
    .where("state", "=", before)
    .execute();
}

/** Tried again then. */
export async function postpone(db: Db, { id, state, tries }: DueRequest, until: Date): Promise<void> {
  await db
    .updateTable("request")
    .set({ due_at: until, tries: tries + 1 })
    .where("id", "=", id)
    .where("state", "=", state)
    .execute();
}
