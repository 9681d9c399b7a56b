import type { ReceiptsAnswer, ReceiptsAsk } from "@tamis/contracts";
import type { Behind } from "../console-context.ts";
import { granted } from "../refusal.ts";
import { type ApiCall, type Route, route } from "./route.ts";
import * as schemas from "./schemas.ts";

const { answers } = schemas;

type Answer<Kind extends ReceiptsAnswer["kind"]> = Omit<Extract<ReceiptsAnswer, { readonly kind: Kind }>, "kind">;

/** An answer of this kind; a `Problem` is a refusal, and any other kind is a bug. */
async function ask<Kind extends ReceiptsAnswer["kind"]>(
  behind: Behind,
  question: ReceiptsAsk,
  wanted: Kind,
): Promise<Answer<Kind>> {
  const { kind, ...rest } = granted(await behind.askReceipts(question));
  if (kind !== wanted) throw new Error(`receipts answered ${kind} instead of ${wanted}`);
  // Proof: the line before.
  return rest as unknown as Answer<Kind>;
}

const asked = ({ account, language }: Pick<ApiCall<unknown, unknown>, "account" | "language">) =>
  ({ accountId: account.id, as: "owner", language }) as const;

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
    const { state, after, limit } = call.query;
    const paged = {
      ...asked(call),
      ...scopeOf(call.query),
      ...(state === undefined ? {} : { states: state }),
      limit,
    };
    if (call.preferred(["application/json", "text/csv"]) === "text/csv") {
      // Whether it may be seen is known before the answer begins.
      const first = await ask(call.behind, { op: "csv", ...paged }, "csv");
      return { text: csvPages(call.behind, { op: "csv", ...paged }, first), type: "text/csv; charset=utf-8" };
    }
    const from = after === undefined ? {} : { after };
    return { json: await ask(call.behind, { op: "list", ...paged, ...from }, "listed") };
  },
});

interface CsvPage {
  readonly text: string;
  readonly next: string | null;
}

async function* csvPages(
  behind: Behind,
  question: Extract<ReceiptsAsk, { readonly op: "csv" }>,
  first: CsvPage,
): AsyncGenerator<Uint8Array> {
  let page = first;
  yield Buffer.from(page.text);
  while (page.next !== null) {
    page = await ask(behind, { ...question, after: page.next }, "csv");
    yield Buffer.from(page.text);
  }
}

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

/** What may be asked for about receipts: the same as `tamis receipts`, with an owner's eyes. */
export const receiptRoutes: readonly Route[] = [counts, list, reports];
