import { createServer, type IncomingMessage } from "node:http";
import { gunzipSync } from "node:zlib";

/** One finished span. */
export interface Span {
  readonly traceId: string;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A collector of traces (OTLP over HTTP, JSON) that keeps them in memory. */
export interface SpanCollector {
  /** Base address, as tamis.yaml's `telemetry.otlp.endpoint` wants it. */
  readonly endpoint: string;
  readonly spans: () => readonly Span[];
  readonly clear: () => void;
  readonly stop: () => Promise<void>;
}

/** A list inside a JSON value. @throws TypeError that names what is missing */
function listIn(value: unknown, name: string): readonly unknown[] {
  const list = typeof value === "object" && value !== null && name in value ? Reflect.get(value, name) : undefined;
  if (!Array.isArray(list)) throw new TypeError(`an OTLP request without ${name}`);
  return list;
}

function textIn(value: unknown, name: string): string {
  const text: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  if (typeof text === "string" || typeof text === "number") return String(text);
  throw new TypeError(`a span without ${name}`);
}

/** Nanoseconds since 1970 as text, too long for a number; ms with three decimals. */
const milliseconds = (value: unknown, name: string): number => Number(BigInt(textIn(value, name)) / 1_000n) / 1_000;

/** The spans of one export request. @throws TypeError, SyntaxError */
export function parseSpans(body: string): readonly Span[] {
  return listIn(JSON.parse(body), "resourceSpans")
    .flatMap((resource) => listIn(resource, "scopeSpans"))
    .flatMap((scope) => listIn(scope, "spans"))
    .map((span) => ({
      traceId: textIn(span, "traceId"),
      name: textIn(span, "name"),
      startMs: milliseconds(span, "startTimeUnixNano"),
      endMs: milliseconds(span, "endTimeUnixNano"),
    }));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  return (request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();
}

/** Listens on a free loopback port. Metrics are taken and thrown away. */
export async function collectSpans(): Promise<SpanCollector> {
  let spans: Span[] = [];
  const server = createServer((request, response) => {
    const take = async (): Promise<void> => {
      const body = await bodyOf(request);
      if (request.url === "/v1/traces") spans.push(...parseSpans(body));
    };
    take().then(
      () => response.writeHead(200, { "content-type": "application/json" }).end("{}"),
      (error: unknown) => response.writeHead(400).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    spans: () => spans,
    clear: () => {
      spans = [];
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
