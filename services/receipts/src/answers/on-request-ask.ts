import type { ReceiptsAnswer, ReceiptsAsk } from "@tamis/contracts";
import { MAX_ID, type RequestPage, type RequestRow } from "../tables/request-views.ts";
import type { Requests } from "../tables/requests.ts";
import { refusals } from "../texts.ts";
import { reasonText } from "./answer-texts.ts";

export type RequestAsk = Extract<ReceiptsAsk, { readonly op: "requests" | "answer" | "policy" }>;

export interface RequestAskDeps {
  readonly requests: Pick<Requests, "answer" | "choose" | "policyOf">;
  readonly page: (page: RequestPage) => Promise<{ readonly rows: readonly RequestRow[]; readonly next: string | null }>;
  readonly now: () => Date;
}

export const isRequestAsk = (ask: ReceiptsAsk): ask is RequestAsk =>
  ask.op === "requests" || ask.op === "answer" || ask.op === "policy";

/** `receipts.ask` about what others ask of the account: the list, its owner's word on one of them, its policy. */
export async function onRequestAsk(ask: RequestAsk, { requests, page, now }: RequestAskDeps): Promise<ReceiptsAnswer> {
  const { accountId, language } = ask;
  switch (ask.op) {
    case "requests": {
      const { rows, next } = await page({ accountId, states: ask.states, after: ask.after, limit: ask.limit });
      const lines = rows.map((row) => ({ ...shownTo(ask.as, row), meaning: reasonText(row.reason, language) }));
      return { kind: "requests", requests: lines, next };
    }
    case "answer": {
      const id = /^\d{1,10}$/.test(ask.request) ? Number(ask.request) : 0;
      const state = id > MAX_ID ? "missing" : await requests.answer(accountId, id, ask.answer, now());
      if (state === "missing" || state === "settled")
        return { kind: "refused", code: state, reason: refusals[REFUSALS[state]][language] };
      return { kind: "answered", state };
    }
    case "policy": {
      if (ask.choose !== undefined) await requests.choose(accountId, ask.choose, now());
      return { kind: "policy", ...(await requests.policyOf(accountId)) };
    }
    default:
      return ask satisfies never;
  }
}

/** What stands in somebody's mail is his to read. */
function shownTo(eyes: RequestAsk["as"], row: RequestRow): RequestRow {
  if (eyes === "owner") return row;
  const { sender: _, subject: __, ...rest } = row;
  return rest;
}

const REFUSALS = { missing: "no-request", settled: "settled" } as const;
