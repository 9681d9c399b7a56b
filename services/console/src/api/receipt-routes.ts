import { askReceipts as ask, asOwner as asked } from "../ask-receipts.ts";
import { csvOfReceipts } from "../csv-of-receipts.ts";
import { SEPARATORS } from "../csv-separator.ts";
import { Problem } from "../http/problem.ts";
import { remind } from "../remind.ts";
import { keyOf } from "./key-of.ts";
import { type Route, route } from "./route.ts";
import * as schemas from "./schemas.ts";

const { answers } = schemas;

interface About {
  readonly circular?: string | undefined;
  readonly messageId?: string | undefined;
}

const scopeOf = ({ circular, messageId }: About) => ({
  ...(circular === undefined ? {} : { circularId: circular }),
  ...(messageId === undefined ? {} : { messageId }),
});

const counts = route({
  method: "get",
  path: "/receipts/counts",
  operationId: "countReceipts",
  summary: "What became of the mails you sent, in numbers.",
  query: schemas.receiptCountsQuery,
  answer: answers.receiptCounts,
  problems: ["not-allowed"],
  carryOut: async (call) => ({
    json: await ask(call.behind, { op: "counts", ...asked(call), ...scopeOf(call.query) }, "counts"),
  }),
});

const list = route({
  method: "get",
  path: "/receipts",
  operationId: "listReceipts",
  summary: "What became of each mail you sent: a page of recipients, or all of them as CSV.",
  query: schemas.receiptsQuery,
  answer: answers.receipts,
  otherwise: ["text/csv"],
  problems: ["not-allowed"],
  async carryOut(call) {
    const { state, after, limit, separator = "comma" } = call.query;
    const paged = {
      ...asked(call),
      ...scopeOf(call.query),
      ...(state === undefined ? {} : { states: state }),
      limit,
    };
    if (call.preferred(["application/json", "text/csv"]) === "text/csv") {
      const rows = await csvOfReceipts(call.behind, { ...paged, separator: SEPARATORS[separator] });
      return { text: rows, type: "text/csv; charset=utf-8" };
    }
    const from = after === undefined ? {} : { after };
    return { json: await ask(call.behind, { op: "list", ...paged, ...from }, "listed") };
  },
});

const reports = route({
  method: "get",
  path: "/receipts/{recipient}/reports",
  operationId: "listReports",
  summary: "All reports on one recipient, unverified ones too, the newest first.",
  answer: answers.receiptReports,
  problems: ["missing", "not-allowed"],
  carryOut: async (call) => ({
    json: await ask(
      call.behind,
      { op: "reports", ...asked(call), recipient: (call.params["recipient"] ?? "").slice(0, 20) },
      "reports",
    ),
  }),
});

const reminder = route({
  method: "post",
  path: "/circulars/{id}/remind",
  operationId: "remindCircular",
  summary:
    "Makes a draft that says the same, for those who got it and did not display it as far as is known; nothing leaves. With the same Idempotency-Key it is the same draft.",
  idempotent: true,
  status: 201,
  answer: answers.reminder,
  problems: ["missing", "not-allowed", "not-possible", "no-recipients"],
  async carryOut({ behind, account, language, params: { id = "" }, idempotencyKey }) {
    const made = await remind({ account, language, id: id.slice(0, 20), key: keyOf(idempotencyKey) }, behind);
    if (made === null) throw new Problem("no-recipients");
    return { json: { id: made }, location: `/api/v1/circulars/${made}` };
  },
});

/** What may be asked for about receipts: the same as `tamis receipts`, with an owner's eyes. */
export const receiptRoutes: readonly Route[] = [counts, list, reports, reminder];
