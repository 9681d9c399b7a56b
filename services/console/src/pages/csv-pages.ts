import type { SendingState } from "@tamis/contracts";
import { receiptState } from "@tamis/contracts";
import { asOwner } from "../ask-receipts.ts";
import type { ConsoleContext } from "../console-context.ts";
import { csvOfReceipts } from "../csv-of-receipts.ts";
import { csvOfRecipients } from "../csv-of-recipients.ts";
import { separatorFor } from "../csv-separator.ts";
import type { Call } from "../http/asked.ts";
import { granted } from "../refusal.ts";

/** The recipients of a circular as a file for spreadsheets: those in these states, or all. */
export async function recipientsCsv(
  c: Call,
  { behind }: ConsoleContext,
  states: readonly SendingState[] | undefined,
): Promise<Response> {
  const { id, accountId, language } = askedBy(c);
  granted(await behind.ask({ op: "status", accountId, id, language }, "circular"));
  const separator = separatorFor(language, c.req.query("separator"));
  const rows = csvOfRecipients(behind, { accountId, id, language, states, separator });
  return csvFile(c, `circular-${Number(id)}`, rows);
}

/** What is known of the recipients of a circular, as such a file. */
export async function receiptsCsv(c: Call, { behind }: ConsoleContext): Promise<Response> {
  const { id: circularId, language } = askedBy(c);
  const { data } = receiptState.safeParse(c.req.query("state"));
  const rows = await csvOfReceipts(behind, {
    ...asOwner({ account: c.get("visitor").account, language }),
    circularId,
    limit: 1000,
    separator: separatorFor(language, c.req.query("separator")),
    ...(data === undefined ? {} : { states: [data] }),
  });
  return csvFile(c, `circular-${Number(circularId)}-receipts`, rows);
}

function askedBy(c: Call) {
  const id = (c.req.param("id") ?? "").slice(0, 20);
  return { id, accountId: c.get("visitor").account.id, language: c.get("asked").language };
}

function csvFile(c: Call, name: string, rows: AsyncIterable<Uint8Array>): Response {
  c.header("content-disposition", `attachment; filename="${name}.csv"`);
  return c.body(ReadableStream.from(marked(rows)), 200, { "content-type": "text/csv; charset=utf-8" });
}

/** With the mark by which spreadsheets know UTF-8. */
async function* marked(rows: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield Buffer.from("\ufeff");
  yield* rows;
}
