import { addLists, namedLists } from "../lists/lists-of.ts";
import { granted } from "../refusal.ts";
import { jsonBody, type Route, route } from "./route.ts";
import * as schemas from "./schemas.ts";

const { answers } = schemas;

const list = route({
  method: "get",
  path: "/lists",
  operationId: "listLists",
  summary: "The lists that you may write to; not all of them where there are very many.",
  query: schemas.listsQuery,
  answer: answers.lists,
  problems: ["bad-list", "list-away"],
  carryOut: async ({ account, language, query: { kind }, ...deps }) => ({
    json: await namedLists({ account, language, kind }, deps),
  }),
});

const add = route({
  method: "post",
  path: "/circulars/{id}/lists",
  operationId: "addLists",
  summary:
    "Adds the members of lists to a draft: all of them, or nothing. Those that are there already are doubles, and change nothing.",
  body: [jsonBody(schemas.listsBody)],
  answer: answers.listsAdded,
  problems: ["missing", "not-possible", "not-your-list", "bad-list", "list-away"],
  async carryOut({ account, language, params: { id = "" }, body, ...deps }) {
    const { kind: _, ...added } = await addLists({ account, language, id, lists: body.lists }, deps);
    return { json: added };
  },
});

const outlook = route({
  method: "get",
  path: "/circulars/{id}/outlook",
  operationId: "checkCircular",
  summary: "What would leave, before anything does: how many mails, of which size, to which domains.",
  answer: answers.outlook,
  problems: ["missing", "no-recipients", "bad-draft", "too-large"],
  async carryOut({ behind, account, language, params: { id = "" } }) {
    const { kind: _, ...checked } = granted(
      await behind.ask({ op: "check", accountId: account.id, id, language }, "checked"),
    );
    return { json: checked };
  },
});

/** Recipients that `outbox` finds itself, and what a circular comes to. */
export const listRoutes: readonly Route[] = [list, add, outlook];
