import { z } from "zod";
import { type ProblemCode, problems } from "../texts/problem-texts.ts";
import type { Route } from "./route.ts";

/** Those that any operation may meet. */
const COMMON: readonly ProblemCode[] = [
  "bad-request",
  "not-signed-in",
  "sign-in-refused",
  "sign-in-later",
  "not-encrypted",
  "cross-site",
  "busy",
  "unavailable",
  "failed",
];

type Json = Readonly<Record<string, unknown>>;

const problemSchema = z.object({
  type: z.url(),
  title: z.string().describe("in the language of Accept-Language"),
  status: z.int(),
  detail: z.string().optional(),
  code: z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]).describe("stable"),
  requestId: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  times: z
    .object({ earlier: z.number(), later: z.number() })
    .optional()
    .describe("the two instants of a time that comes twice, epoch ms"),
});

/** The document of the API (OpenAPI 3.1), made of what the routes check and answer. */
export function openApi(routes: readonly Route[], server: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const one of routes) paths[one.path] = { ...paths[one.path], [one.method]: operation(one) };
  return {
    openapi: "3.1.0",
    info: {
      title: "Tamis",
      version: "1",
      description: "Circulars and what became of them. Times are milliseconds since 1970-01-01T00:00:00Z.",
    },
    servers: [{ url: server }],
    security: [{ password: [] }],
    paths,
    components: {
      securitySchemes: {
        password: { type: "http", scheme: "basic", description: "the address and the password of your mailbox" },
      },
      schemas: { Problem: schemaOf(problemSchema, "output") },
    },
  };
}

function operation({ operationId, summary, idempotent, query, body, path, ...rest }: Route): Json {
  const { status = 200, answer, otherwise = [], problems: own = [] } = rest;
  const others = otherwise.map((type) => [type, { schema: { type: "string" } }]);
  const content = { "application/json": { schema: schemaOf(answer, "output") }, ...Object.fromEntries(others) };
  return {
    operationId,
    summary,
    parameters: [...pathParameters(path), ...queryParameters(query), ...(idempotent === true ? [IDEMPOTENCY] : [])],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: Object.fromEntries(body.map(({ type, schema }) => [type, { schema: schemaOf(schema, "input") }])),
          },
        }),
    responses: { [status]: { description: "done", content }, ...refusals([...COMMON, ...own, ...refusedTo(rest)]) },
  };
}

/** What those hear who may not. */
function refusedTo({ who }: Pick<Route, "who">): readonly ProblemCode[] {
  switch (who) {
    case "operators":
      return ["not-an-operator"];
    case "owners":
      return [];
    case undefined:
      return ["not-a-sender"];
    default:
      return who satisfies never;
  }
}

const IDEMPOTENCY: Json = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "asked again with the same, it is done once",
  schema: { type: "string", minLength: 1, maxLength: 500 },
};

const pathParameters = (path: string): readonly Json[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));

function queryParameters(query: z.ZodType | undefined): readonly Json[] {
  if (!(query instanceof z.ZodObject)) return [];
  return Object.entries(query.shape).map(([name, schema]) => ({
    name,
    in: "query",
    required: false,
    schema: schemaOf(schema as z.ZodType, "output"),
  }));
}

/** By status, the codes that come with it. */
function refusals(codes: readonly ProblemCode[]): Readonly<Record<string, Json>> {
  const byStatus = Map.groupBy(new Set(codes), (code) => String(problems[code].status));
  const content = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
  return Object.fromEntries(
    [...byStatus].map(([status, of]) => [status, { description: of.toSorted().join(", "), content }]),
  );
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...made } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    // That a list is not changed in our memory is no matter of those who read it.
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly;
    },
  });
  return made;
}
