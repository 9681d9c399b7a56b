// A reporter of node:test that writes what run-tests.ts needs to know, one JSON object a line.

import type { TestEvent } from "node:test/reporters";
import { inspect } from "node:util";
import type { TestLine } from "./test-line.ts";

/** Frames of node:test itself. */
const INTERNAL_FRAME = /^ +at .*\bnode:(internal|async_hooks|events)\b.*\n/gm;

/** node:test wraps what a test threw; the cause is what its author wants to see. */
function failureOf(error: Error & { readonly failureType?: string }): NonNullable<TestLine["failure"]> {
  const thrown = error.cause instanceof Error ? error.cause : error;
  const text = inspect(thrown, { depth: 8, maxArrayLength: 200, maxStringLength: 20_000 });
  return { type: error.failureType ?? "", text: `${text}\n`.replace(INTERNAL_FRAME, "").trimEnd() };
}

/** Default, because node:test loads a reporter by its default export. */
// biome-ignore lint/style/noDefaultExport: node:test wants it so.
export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    if (event.type === "test:summary" && event.data.file === undefined) yield `${JSON.stringify({ kind: "end" })}\n`;
    if (event.type === "test:dequeue") yield `${JSON.stringify({ kind: "begin", name: event.data.name })}\n`;
    if (event.type !== "test:pass" && event.type !== "test:fail") continue;
    const { name, nesting, file, details, skip, todo } = event.data;
    const line: TestLine = {
      kind: event.type === "test:pass" ? "pass" : "fail",
      name,
      nesting,
      file: file ?? "",
      isSuite: details.type === "suite",
      durationMs: details.duration_ms,
      left: skip !== undefined || todo !== undefined,
      ...(event.type === "test:fail" ? { failure: failureOf(event.data.details.error) } : {}),
    };
    yield `${JSON.stringify(line)}\n`;
  }
}
