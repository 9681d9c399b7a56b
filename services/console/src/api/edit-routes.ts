import { draftOf } from "../circular-draft-of.ts";
import { granted } from "../refusal.ts";
import { draftForms } from "./draft-forms.ts";
import { type Route, route } from "./route.ts";
import * as schemas from "./schemas.ts";

const { answers } = schemas;

const written = route({
  method: "get",
  path: "/circulars/{id}/draft",
  operationId: "readCircular",
  summary: "What was written of a circular of which nothing has left.",
  answer: answers.written,
  problems: ["missing", "not-possible"],
  async carryOut({ behind, account, language, params: { id = "" } }) {
    const { version, circular } = granted(await behind.read({ accountId: account.id, id, language }));
    const attachments = circular.attachments.map((one, index) => ({ id: String(index), ...one }));
    return { json: { version, ...circular, attachments } };
  },
});

const revise = route({
  method: "put",
  path: "/circulars/{id}/draft",
  operationId: "reviseCircular",
  summary:
    "Writes it anew, whole, before anything has left; what is scheduled stays so. Refused where it was changed, scheduled or begun since `version`.",
  body: draftForms(schemas.revisionBody),
  answer: answers.revised,
  problems: ["missing", "not-possible", "changed", "bad-draft", "not-allowed", "too-long", "too-large"],
  async carryOut({ behind, account, language, params: { id = "" }, body }) {
    const { version, keep, ...wish } = body.draft;
    const draft = await draftOf(wish, body.enclosed, account);
    const revised = await behind.revise({ account, id, version, draft, keep: keep.map(Number), language });
    const { kind: _, ...json } = granted(revised);
    return { json };
  },
});

const withdraw = route({
  method: "post",
  path: "/circulars/{id}/withdraw",
  operationId: "withdrawCircular",
  summary: "Takes its time from one that has not begun: it is a draft again, and leaves when it is scheduled anew.",
  answer: answers.circular,
  problems: ["missing", "not-possible"],
  async carryOut({ behind, account, language, params: { id = "" } }) {
    const question = { op: "withdraw", accountId: account.id, id, language } as const;
    return { json: granted(await behind.ask(question, "circular")).circular };
  },
});

const sources = route({
  method: "get",
  path: "/circulars/{id}/sources",
  operationId: "listSources",
  summary: "Where its recipients come from; who is in two sources came of the one that was added first.",
  answer: answers.sources,
  problems: ["missing"],
  async carryOut({ behind, account, language, params: { id = "" } }) {
    const question = { op: "sources", accountId: account.id, id, language } as const;
    const { kind: _, ...json } = granted(await behind.ask(question, "sources"));
    return { json };
  },
});

const removals = (["/circulars/{id}/recipients", "/circulars/{id}/recipients/{recipient}"] as const).map((path) =>
  route({
    method: "delete",
    path,
    query: schemas.sourceQuery,
    operationId: path.endsWith("}") ? "removeRecipient" : "removeRecipients",
    summary: path.endsWith("}")
      ? "Takes a recipient out of a draft."
      : "Takes recipients out of a draft: all of them, or those of a source.",
    answer: answers.removed,
    problems: ["missing", "not-possible"],
    async carryOut({ behind, account, language, params: { id = "", recipient }, query: { source } }) {
      const some = {
        ...(recipient === undefined ? {} : { recipients: [recipient] }),
        ...(source === undefined ? {} : { source }),
      };
      const question = { op: "remove", accountId: account.id, id, language, ...some } as const;
      const { kind: _, ...json } = granted(await behind.ask(question, "removed"));
      return { json };
    },
  }),
);

/** How a circular of which nothing has left is written anew. */
export const editRoutes: readonly Route[] = [written, revise, withdraw, sources, ...removals];
