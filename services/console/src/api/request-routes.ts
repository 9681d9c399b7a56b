import { askReceipts, asOwner } from "../ask-receipts.ts";
import { jsonBody, type Route, route } from "./route.ts";
import * as schemas from "./schemas.ts";

const { answers } = schemas;

const list = route({
  method: "get",
  path: "/receipt-requests",
  operationId: "listReceiptRequests",
  summary: "The receipts that others ask of you, the newest first.",
  who: "owners",
  query: schemas.requestsQuery,
  answer: answers.receiptRequests,
  async carryOut({ behind, account, language, query: { after, state, limit } }) {
    const from = after === undefined ? {} : { after };
    const states = state === undefined ? {} : { states: state };
    const question = { op: "requests", ...asOwner({ account, language }), ...from, ...states, limit } as const;
    return { json: await askReceipts(behind, question, "requests") };
  },
});

const answer = route({
  method: "post",
  path: "/receipt-requests/{request}/answer",
  operationId: "answerReceiptRequest",
  summary: "Sends the receipt, or refuses it: once; the state is the one that it comes to then.",
  who: "owners",
  body: [jsonBody(schemas.answerBody)],
  answer: answers.receiptAnswered,
  problems: ["missing", "settled"],
  async carryOut({ behind, account, language, params: { request: number = "" }, body }) {
    const request = number.slice(0, 20);
    const question = { op: "answer", ...asOwner({ account, language }), request, answer: body.answer } as const;
    return { json: await askReceipts(behind, question, "answered") };
  },
});

const policy = route({
  method: "get",
  path: "/receipt-policy",
  operationId: "getReceiptPolicy",
  summary: "What you do about receipts that others ask for: chosen by you, and in effect.",
  who: "owners",
  answer: answers.receiptPolicy,
  carryOut: async (call) => ({
    json: await askReceipts(call.behind, { op: "policy", ...asOwner(call) }, "policy"),
  }),
});

const choose = route({
  method: "post",
  path: "/receipt-policy",
  operationId: "chooseReceiptPolicy",
  summary: "Chooses what is done from now on; what you are asked already stays yours to answer.",
  who: "owners",
  body: [jsonBody(schemas.policyBody)],
  answer: answers.receiptPolicy,
  carryOut: async ({ behind, body, ...who }) => ({
    json: await askReceipts(behind, { op: "policy", ...asOwner(who), choose: body.policy }, "policy"),
  }),
});

/** What others ask of an owner: the same as `tamis receipts requests`, `answer` and `policy`. */
export const requestRoutes: readonly Route[] = [list, answer, policy, choose];
