import type { Account, Language } from "@tamis/kit";
import { z } from "zod";
import type { Behind, ConsoleContext } from "../console-context.ts";
import { readJson } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import type { ProblemCode } from "../texts/problem-texts.ts";

/** One way in which the body of a request may be written. */
export interface BodyForm<B> {
  /** Media type. */
  readonly type: string;
  /** As it is documented. */
  readonly schema: z.ZodType;
  /** A {@link Problem} where it is not so. */
  read(request: Request, limits: BodyLimits): Promise<B>;
}

export interface BodyLimits {
  readonly most: number;
  readonly language: Language;
}

/** A request that was found good. */
export interface ApiCall<Q, B> {
  readonly behind: Behind;
  readonly listsOf: ConsoleContext["listsOf"];
  readonly account: Account;
  readonly language: Language;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Q;
  readonly body: B;
  /** Idempotency-Key, where it was given. */
  readonly idempotencyKey: string | undefined;
  /** The first of these media types that whoever asks takes. */
  preferred<T extends string>(types: readonly [T, ...T[]]): T;
}

/** What is answered. */
export type ApiReply =
  | { readonly json: unknown; readonly location?: string }
  | { readonly text: AsyncIterable<Uint8Array> | Uint8Array<ArrayBuffer>; readonly type: string };

/** One operation of the API: what is taken, what is given, and how; the document of the API is made of the same. */
export interface RouteSpec<Q extends z.ZodType, B> {
  readonly method: "get" | "post" | "put" | "delete";
  /** `/circulars/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly query?: Q;
  readonly body?: readonly BodyForm<B>[];
  readonly idempotent?: true;
  /** Who may: senders where it is not said; `owners`: whoever has a mailbox. */
  readonly who?: "operators" | "owners";
  readonly status?: 201;
  /** Of the answer in JSON. */
  readonly answer: z.ZodType;
  /** Other forms of the answer. */
  readonly otherwise?: readonly string[];
  /** Codes of the problems that are its own. */
  readonly problems?: readonly ProblemCode[];
  carryOut(call: ApiCall<z.output<Q>, B>): Promise<ApiReply>;
}

/** A route whose types are its own affair. */
export interface Route extends Omit<RouteSpec<z.ZodType, unknown>, "carryOut"> {
  /** Reads what came, and carries it out. */
  run(call: Unread): Promise<ApiReply>;
}

/** A request as it came. */
export interface Unread extends Omit<ApiCall<unknown, unknown>, "query" | "body"> {
  readonly request: Request;
  readonly most: number;
}

/** Binds a route's types together. */
export function route<Q extends z.ZodType, B>(spec: RouteSpec<Q, B>): Route {
  return {
    ...spec,
    async run({ request, most, ...call }) {
      const { language } = call;
      // Proof: without a schema a route does not look at its query, and without forms not at its body.
      const query = (spec.query === undefined ? undefined : queryOf(request, spec.query, language)) as z.output<Q>;
      const body = (spec.body === undefined ? undefined : await bodyOf(request, spec.body, { most, language })) as B;
      return spec.carryOut({ ...call, query, body });
    },
  };
}

function queryOf<Q extends z.ZodType>(request: Request, schema: Q, language: Language): z.output<Q> {
  const { searchParams } = new URL(request.url);
  const names = [...new Set(searchParams.keys())];
  const given = Object.fromEntries(
    names.map((name) => {
      const all = searchParams.getAll(name);
      return [name, all.length === 1 ? all[0] : all];
    }),
  );
  return parsed(schema, given, language);
}

function bodyOf<B>(request: Request, forms: readonly BodyForm<B>[], limits: BodyLimits): Promise<B> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  const form = forms.find((one) => one.type === type);
  if (form === undefined) throw new Problem("unsupported-type", forms.map((one) => one.type).join(", "));
  return form.read(request, limits);
}

/** A body in JSON. */
export function jsonBody<S extends z.ZodType>(schema: S): BodyForm<z.output<S>> {
  return {
    type: "application/json",
    schema,
    read: async (request, { most, language }) => parsed(schema, await readJson(request, most), language),
  };
}

const MOST_ERRORS = 20;

/** The value, or a {@link Problem} that says what is wrong with it, and where (RFC 6901). */
export function parsed<S extends z.ZodType>(schema: S, value: unknown, language: Language): z.output<S> {
  const { localeError } = z.locales[language]();
  const result = schema.safeParse(value, localeError === undefined ? {} : { error: localeError });
  if (result.success) return result.data;
  const errors = result.error.issues.slice(0, MOST_ERRORS).map(({ path, message }) => ({
    pointer: path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
    detail: message,
  }));
  const [first] = errors;
  throw new Problem("bad-request", first === undefined ? null : `${first.pointer} ${first.detail}`.trim(), { errors });
}
