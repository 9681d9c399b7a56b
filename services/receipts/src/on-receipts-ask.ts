import { DOCTOR_ACCOUNT, type Receipt, type ReceiptsAnswer, type ReceiptsAsk, receiptsAsk } from "@tamis/contracts";
import { isRequestAsk, onRequestAsk, type RequestAskDeps } from "./answers/on-request-ask.ts";
import type { ReceiptsConfig } from "./config.ts";
import { csvHeader, csvLine } from "./csv.ts";
import type { Page, ReceiptRow, Scope, Views } from "./tables/views.ts";
import { type Language, meaningOf, refusals } from "./texts.ts";

export interface AskDeps {
  readonly views: Views;
  readonly see: ReceiptsConfig["see"];
  /** What others ask of the account. */
  readonly requests: RequestAskDeps;
}

/** Of fewer recipients numbers say what one of them did: the mail of each may have a Message-ID of its own. */
const FEWEST = 5;

/** `receipts.ask`: what became of what an account sent, and what is asked of it. Throws on what is no such question. */
export async function onReceiptsAsk(payload: unknown, { views, see, requests }: AskDeps): Promise<ReceiptsAnswer> {
  const ask: ReceiptsAsk = receiptsAsk.parse(payload);
  const sight = see[ask.as];
  // His own mail is the owner's to see, whatever is shown of what he sent.
  if (isRequestAsk(ask))
    return ask.as === "operator" && sight !== "details"
      ? refused("not-allowed", ask.language)
      : await onRequestAsk(ask, requests);
  if (sight === "nothing" || (sight === "counts" && ask.op !== "counts")) return refused("not-allowed", ask.language);
  switch (ask.op) {
    case "counts": {
      const counts = await views.counts(scopeOf(ask));
      const isHidden = sight === "counts" && counts.recipients < FEWEST && ask.accountId !== DOCTOR_ACCOUNT;
      return isHidden
        ? { kind: "refused", code: "not-allowed", reason: refusals["too-few"][ask.language] }
        : { kind: "counts", ...counts };
    }
    case "list": {
      const { rows, next } = await views.page(pageOf(ask));
      return { kind: "listed", receipts: rows.map((row) => receiptOf(row, ask.language)), next };
    }
    case "csv": {
      const { rows, next } = await views.page(pageOf(ask));
      const { after, language, separator } = ask;
      const head = after === undefined ? [csvHeader(language, separator)] : [];
      return { kind: "csv", text: [...head, ...rows.map((row) => csvLine(row, language, separator))].join(""), next };
    }
    case "reports":
      return reports(ask, views);
    default:
      return ask satisfies never;
  }
}

async function reports(
  { accountId, recipient, language }: Extract<ReceiptsAsk, { op: "reports" }>,
  views: Views,
): Promise<ReceiptsAnswer> {
  const lines = /^\d{1,18}$/.test(recipient) ? await views.reports(accountId, recipient) : null;
  if (lines === null) return refused("missing", language);
  return { kind: "reports", reports: lines.map((line) => ({ ...line, meaning: meaningOf(line.status, language) })) };
}

const refused = (code: "missing" | "not-allowed", language: Language): ReceiptsAnswer => ({
  kind: "refused",
  code,
  reason: refusals[code][language],
});

const scopeOf = ({ accountId, circularId, messageId }: Scope): Scope => ({ accountId, circularId, messageId });

const pageOf = (ask: Extract<ReceiptsAsk, { op: "list" | "csv" }>): Page => ({
  ...scopeOf(ask),
  states: ask.states,
  after: ask.after,
  limit: ask.limit,
});

function receiptOf(row: ReceiptRow, language: Language): Receipt {
  return {
    ...row,
    sentAt: row.sentAt?.getTime() ?? null,
    stateAt: row.stateAt?.getTime() ?? null,
    meaning: meaningOf(row.status, language),
    autoReplyAt: row.autoReplyAt?.getTime() ?? null,
    complainedAt: row.complainedAt?.getTime() ?? null,
  };
}
