import { type ReceiptRequest, type RequestState, receiptRequest } from "@tamis/contracts";
import { dueRows, type Keeping, type Taking } from "@tamis/store";
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

/** As of `HeldQueue`; what was written by another version is due no more. */
export async function take(db: Db, taking: Taking): Promise<readonly DueRequest[]> {
  const rows = await dueRows(db.selectFrom("request").selectAll(), { id: "id", at: "due_at" }, taking).execute();
  const due = rows.flatMap((row) => dueRequest(row) ?? []);
  const ids = due.map(({ id }) => id);
  const others = rows.map(({ id }) => id).filter((id) => !ids.includes(id));
  for (const [some, at] of [[ids, taking.until] as const, [others, null] as const])
    if (some.length > 0) await db.updateTable("request").set({ due_at: at }).where("id", "in", some).execute();
  return due;
}

/** As of `HeldQueue`. */
export async function keep(db: Db, { ids, taken, until }: Keeping): Promise<void> {
  await db
    .updateTable("request")
    .set({ due_at: until })
    .where("id", "in", [...ids])
    .where("due_at", "=", taken)
    .execute();
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

/** Tried again then, where nobody has touched it since it was held until `held`. */
export async function postpone(db: Db, { id, tries }: DueRequest, held: Date, at: Date): Promise<void> {
  await db
    .updateTable("request")
    .set({ due_at: at, tries: tries + 1 })
    .where("id", "=", id)
    .where("due_at", "=", held)
    .execute();
}
