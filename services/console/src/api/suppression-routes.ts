import { granted } from "../refusal.ts";
import { jsonBody, type Route, route } from "./route.ts";
import * as schemas from "./schemas.ts";

const { answers } = schemas;

const suppressions = (["suppress", "unsuppress"] as const).map((op) =>
  route({
    method: "post",
    path: op === "suppress" ? "/suppressions" : "/suppressions/remove",
    operationId: `${op}Addresses`,
    summary:
      op === "suppress"
        ? "Addresses that get no circular any more, of nobody."
        : "Addresses that get circulars again, of lists that they left too.",
    who: "operators",
    body: [jsonBody(schemas.suppressionBody)],
    answer: answers.suppression,
    async carryOut({ behind, body: { addresses } }) {
      const { kind: _, ...done } = granted(await behind.ask({ op, addresses }, "suppression"));
      return { json: done };
    },
  }),
);

const list = route({
  method: "get",
  path: "/suppressions",
  operationId: "listSuppressions",
  summary: "The addresses that get no circulars, and since when, in the order of their letters.",
  who: "operators",
  query: schemas.suppressionsQuery,
  answer: answers.suppressed,
  async carryOut({ behind, query: { after, limit } }) {
    const from = after === undefined ? {} : { after };
    const question = { op: "suppressed", limit, ...from } as const;
    const { kind: _, ...page } = granted(await behind.ask(question, "suppressed"));
    return { json: page };
  },
});

/** Who gets no circulars: for operators. */
export const suppressionRoutes: readonly Route[] = [list, ...suppressions];
