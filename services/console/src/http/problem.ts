import { type Language, tellIn } from "@tamis/kit";
import { type ProblemCode, problems } from "../texts/problem-texts.ts";

/** Ends a request: {@link problemResponse}, or a page, tells it. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  /** A sentence for a person, about this case. */
  readonly detail: string | null;
  /** Further members of the document (RFC 9457 §3.2). */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, detail: string | null = null, more: Readonly<Record<string, unknown>> = {}) {
    super(code);
    this.code = code;
    this.detail = detail;
    this.more = more;
  }
}

/** Seconds after which a problem that passes may be tried again. */
const RETRY_AFTER = "10";

/** What a problem is told with. */
export interface Telling {
  readonly language: Language;
  /** How the service is seen from outside. */
  readonly url: string;
  readonly requestId: string;
}

/** Problem details (RFC 9457), in the language of whoever asks; `code` is stable. */
export function problemDocument({ code, detail, more }: Problem, { language, url, requestId }: Telling) {
  return {
    ...more,
    type: `${url}/api/v1/problems/${code}`,
    title: tellIn(language, problems[code]),
    status: problems[code].status,
    ...(detail === null ? {} : { detail }),
    code,
    requestId,
  };
}

/** Header fields that belong to a problem. */
export function problemHeaders({ code }: Pick<Problem, "code">): Record<string, string> {
  const { status } = problems[code];
  return {
    ...(status === 401 ? { "www-authenticate": 'Basic realm="Tamis", charset="UTF-8"' } : {}),
    ...(status === 503 ? { "retry-after": RETRY_AFTER } : {}),
  };
}

/** {@link problemDocument} as an answer. */
export function problemResponse(problem: Problem, telling: Telling): Response {
  const headers = { "content-type": "application/problem+json", "content-language": telling.language };
  return new Response(JSON.stringify(problemDocument(problem, telling)), {
    status: problems[problem.code].status,
    headers: { ...headers, ...problemHeaders(problem) },
  });
}
