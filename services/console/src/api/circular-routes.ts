import type { CircularAsk } from "@tamis/contracts";
import { z } from "zod";
import { draftOf, recipientsIn } from "../circular-draft-of.ts";
import { csvOfRecipients } from "../csv-of-recipients.ts";
import { SEPARATORS } from "../csv-separator.ts";
import { readBody } from "../http/body.ts";
import { granted } from "../refusal.ts";
import { draftForms } from "./draft-forms.ts";
import { keyOf } from "./key-of.ts";
import { type BodyForm, jsonBody, type Route, route } from "./route.ts";
import * as schemas from "./schemas.ts";

const { answers } = schemas;

/** The part of an answer that the kind is no part of. */
function withoutKind<A extends { readonly kind: string }>({ kind: _, ...rest }: A): Omit<A, "kind"> {
  return rest;
}

type Recipients = z.output<typeof schemas.recipientsBody> | { readonly csv: Uint8Array };

const listed: BodyForm<Recipients> = jsonBody(schemas.recipientsBody);

const csv: BodyForm<Recipients> = {
  type: "text/csv",
  schema: z.string().describe("a header row, UTF-8; separated by commas, semicolons or tabs"),
  read: async (request, { most }) => ({ csv: await readBody(request, most) }),
};

const create = route({
  method: "post",
  path: "/circulars",
  operationId: "createCircular",
  summary: "Makes a draft; nothing leaves. With the same Idempotency-Key and the same draft it is the same circular.",
  body: draftForms(schemas.draftBody),
  idempotent: true,
  status: 201,
  answer: answers.created,
  problems: ["bad-draft", "not-allowed", "key-reused", "too-long"],
  async carryOut({ behind, account, language, body, idempotencyKey }) {
    const draft = await draftOf(body.draft, body.enclosed, account);
    const created = granted(await behind.create({ account, key: keyOf(idempotencyKey), draft, language }));
    return { json: withoutKind(created), location: `/api/v1/circulars/${created.id}` };
  },
});

const add = route({
  method: "post",
  path: "/circulars/{id}/recipients",
  operationId: "addRecipients",
  summary:
    "Adds recipients to a draft, in JSON or as CSV. Those that are there already are doubles, and change nothing.",
  query: schemas.columnQuery,
  body: [listed, csv],
  answer: answers.added,
  problems: ["missing", "not-possible", "bad-recipients", "too-long"],
  async carryOut({ behind, account, language, params: { id = "" }, query, body }) {
    const recipients =
      "csv" in body
        ? recipientsIn(body.csv, language, query.column)
        : body.recipients.map(({ name, ...one }, index) => ({
            line: index + 1,
            ...one,
            ...(name === undefined ? {} : { name }),
          }));
    return { json: withoutKind(granted(await behind.add({ accountId: account.id, id, recipients, language }))) };
  },
});

const report = route({
  method: "get",
  path: "/circulars/{id}/recipients",
  operationId: "reportCircular",
  summary: "What became of each recipient: a page of them, or all of them as CSV.",
  query: schemas.reportQuery,
  answer: answers.reported,
  otherwise: ["text/csv"],
  problems: ["missing"],
  async carryOut({ behind, account, language, params: { id = "" }, query, preferred }) {
    const asked = { accountId: account.id, id, language };
    const states = query.state === undefined ? {} : { states: query.state };
    if (preferred(["application/json", "text/csv"]) === "text/csv") {
      granted(await behind.ask({ op: "status", ...asked }, "circular"));
      const separator = SEPARATORS[query.separator ?? "comma"];
      return { text: csvOfRecipients(behind, { ...asked, ...states, separator }), type: "text/csv; charset=utf-8" };
    }
    const after = query.after === undefined ? {} : { after: query.after };
    const page = await behind.ask({ op: "report", ...asked, ...states, ...after, limit: query.limit }, "reported");
    return { json: withoutKind(granted(page)) };
  },
});

const preview = route({
  method: "get",
  path: "/circulars/{id}/preview",
  operationId: "previewCircular",
  summary: "The mail of a recipient, as it would leave; cut after 256 KiB.",
  query: schemas.previewQuery,
  answer: answers.previewed,
  otherwise: ["message/rfc822"],
  problems: ["missing", "no-recipients", "too-large"],
  async carryOut({ behind, account, language, params: { id = "" }, query: { address }, preferred }) {
    const question: CircularAsk = {
      op: "preview",
      accountId: account.id,
      id,
      language,
      ...(address === undefined ? {} : { address }),
    };
    const previewed = granted(await behind.ask(question, "previewed"));
    if (preferred(["application/json", "message/rfc822"]) === "application/json")
      return { json: withoutKind(previewed) };
    return { text: new Uint8Array(Buffer.from(previewed.mail, "base64")), type: "message/rfc822" };
  },
});

const test = route({
  method: "post",
  path: "/circulars/{id}/test",
  operationId: "testCircular",
  summary: "Sends the mail of a recipient to somebody else, at once; the answer is the circular of that one mail.",
  body: [jsonBody(schemas.testBody)],
  answer: answers.circular,
  problems: ["missing", "no-recipients", "bad-draft", "too-large"],
  async carryOut({ behind, account, language, params: { id = "" }, body: { to, address } }) {
    const as = address === undefined ? {} : { address };
    const question = { op: "test", accountId: account.id, id, language, to, ...as } as const;
    return { json: granted(await behind.ask(question, "circular")).circular };
  },
});

type ScheduleAsk = Extract<CircularAsk, { readonly op: "schedule" }>;
type Schedule = z.output<typeof schemas.scheduleBody>;

function whenOf(body: Schedule): ScheduleAsk["when"] {
  if ("now" in body) return { kind: "now" };
  if ("first" in body) return { kind: "first", zone: body.zone };
  const { at: wall, zone, which } = body;
  return { kind: "wall", wall, zone, ...(which === undefined ? {} : { which }) };
}

/** How often, and in which hours. */
function leavingOf(body: Schedule): Pick<ScheduleAsk, "every" | "hours"> {
  const { hours } = body;
  const every = "every" in body ? body.every : undefined;
  const said =
    hours === undefined
      ? {}
      : {
          hours:
            "any" in hours
              ? ({ kind: "any" } as const)
              : ({ kind: "own", text: hours.only, zone: hours.zone } as const),
        };
  return { ...(every === undefined ? {} : { every }), ...said };
}

const foresee = route({
  method: "post",
  path: "/circulars/{id}/foresee",
  operationId: "foreseeCircular",
  summary: "When it would leave if it were scheduled so, with the first times of what recurs. Nothing is changed.",
  body: [jsonBody(schemas.scheduleBody)],
  answer: answers.foreseen,
  problems: ["missing", "bad-time", "bad-rule", "bad-hours"],
  async carryOut({ behind, account, language, params: { id = "" }, body }) {
    const asked = { accountId: account.id, id, language, when: whenOf(body), ...leavingOf(body) };
    return { json: withoutKind(granted(await behind.ask({ op: "foresee", ...asked }, "foreseen"))) };
  },
});

const schedule = route({
  method: "post",
  path: "/circulars/{id}/schedule",
  operationId: "scheduleCircular",
  summary:
    "Says when it leaves: at a time of a clock on the wall somewhere, or now; once, or again and again. Before its instant it may be said again.",
  body: [jsonBody(schemas.scheduleBody)],
  answer: answers.scheduled,
  problems: [
    "missing",
    "not-possible",
    "no-recipients",
    "bad-time",
    "bad-rule",
    "bad-hours",
    "bad-draft",
    "too-large",
    "too-late",
  ],
  async carryOut({ behind, account, language, params: { id = "" }, body }) {
    const asked = { accountId: account.id, id, language, when: whenOf(body), ...leavingOf(body) };
    return { json: withoutKind(granted(await behind.ask({ op: "schedule", ...asked }, "scheduled"))) };
  },
});

const list = route({
  method: "get",
  path: "/circulars",
  operationId: "listCirculars",
  summary: "Your circulars, the newest first.",
  query: schemas.listQuery,
  answer: answers.listed,
  async carryOut({ behind, account, language, query: { limit } }) {
    const question = { op: "list", accountId: account.id, limit, language } as const;
    return { json: withoutKind(granted(await behind.ask(question, "listed"))) };
  },
});

const SUMMARIES = {
  status: "How far it is.",
  pause: "Nothing leaves for now.",
  resume: "A paused one goes on; one that is held leaves after all.",
  cancel: "Nothing leaves any more; says how many had left.",
} as const;

const changes = (["status", "pause", "resume", "cancel"] as const).map((op) =>
  route({
    method: op === "status" ? "get" : "post",
    path: op === "status" ? "/circulars/{id}" : `/circulars/{id}/${op}`,
    operationId: `${op}Circular`,
    summary: SUMMARIES[op],
    answer: op === "cancel" ? answers.cancelled : answers.circular,
    problems: op === "status" ? ["missing"] : ["missing", "not-possible", "too-late"],
    async carryOut({ behind, account, language, params: { id = "" } }) {
      const question = { op, accountId: account.id, id, language } as const;
      const { circular, left } = granted(await behind.ask(question, "circular"));
      return { json: left === undefined ? circular : { ...circular, left } };
    },
  }),
);

const release = route({
  method: "post",
  path: "/circulars/{id}/recipients/{recipient}/release",
  operationId: "releaseRecipient",
  summary: "Writes again to one of whom nobody knows whether the mail arrived.",
  answer: answers.done,
  problems: ["missing", "not-possible"],
  async carryOut({ behind, account, language, params: { id = "", recipient = "" } }) {
    granted(await behind.ask({ op: "release", accountId: account.id, id, language, recipient }, "done"));
    return { json: { done: true } };
  },
});

/** What may be asked for about circulars: the same as `tamis circular`. */
export const circularRoutes: readonly Route[] = [
  list,
  create,
  ...changes,
  add,
  report,
  release,
  preview,
  test,
  foresee,
  schedule,
];
