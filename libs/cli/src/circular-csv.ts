import type { Receipt, ReportedRecipient } from "@tamis/contracts";
import { type CsvSeparator, csvLine } from "@tamis/kit";
import type { Surroundings } from "./surroundings.ts";

const COLUMNS = [
  "number",
  "address",
  "name",
  "sending",
  "since",
  "reply",
  "receipt",
  "receipt-since",
  "status",
  "meaning",
  "auto-reply",
  "complaint",
  "unverified",
  "message-id",
] as const;

/** The names of the columns of a report, as a line of CSV. */
export const reportHeader = ({ say }: Surroundings, separator: CsvSeparator): string =>
  csvLine(
    COLUMNS.map((column) => say(`circular.column.${column}`)),
    separator,
  );

/** A recipient as a line of CSV, times as in RFC 3339. */
export function reportLine(
  { id, address, name, state, changedAt, reply, messageId }: ReportedRecipient,
  receipt: Receipt | undefined,
  { io: { say }, separator }: { readonly io: Surroundings; readonly separator: CsvSeparator },
): string {
  const cells = [
    id,
    address,
    name ?? "",
    say(`outbox.state.${state}`),
    moment(changedAt),
    reply ?? "",
    receipt === undefined ? "" : say(`receipts.state.${receipt.state}`),
    moment(receipt?.stateAt),
    receipt?.status ?? "",
    receipt?.meaning ?? "",
    moment(receipt?.autoReplyAt),
    moment(receipt?.complainedAt),
    receipt === undefined || receipt.unverified === 0 ? "" : String(receipt.unverified),
    messageId ?? "",
  ];
  return csvLine(cells, separator);
}

const moment = (at: number | null | undefined): string =>
  at === null || at === undefined ? "" : new Date(at).toISOString();
