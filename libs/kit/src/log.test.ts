import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { context, trace } from "@opentelemetry/api";
import { openLog, scrub } from "./log.ts";
import { prettyLine } from "./pretty-log.ts";
import { installTraceContext } from "./trace-context.ts";

function lines(format: "json" | "pretty" = "json") {
  const written: string[] = [];
  const log = openLog({
    service: "mailbox",
    instance: "host-1-ab",
    settings: { level: "info", format },
    write: (line) => void written.push(line),
  });
  return { log, written, last: (): Record<string, unknown> => JSON.parse(written.at(-1) ?? "{}") };
}

describe("the log", () => {
  it("writes one line of JSON: fields, then the event", () => {
    const { log, last } = lines();
    log.info({ mailId: "a/b/1/2", ms: 12 }, "mail-applied");
    const { time, ...rest } = last();
    assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(rest, {
      level: "info",
      service: "mailbox",
      instance: "host-1-ab",
      mailId: "a/b/1/2",
      ms: 12,
      event: "mail-applied",
    });
  });

  it("writes nothing below its level", () => {
    const { log, written } = lines();
    log.debug({}, "detail");
    assert.equal(written.length, 0);
    assert.equal(log.isLevelEnabled("debug"), false);
  });

  it("carries the ids of the active span, and none without one", () => {
    installTraceContext();
    const { log, last } = lines();
    const span = trace.wrapSpanContext({
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      traceFlags: 1,
    });
    context.with(trace.setSpan(context.active(), span), () => log.info({}, "inside"));
    assert.deepEqual([last()["trace_id"], last()["span_id"]], ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"]);
    log.info({}, "outside");
    assert.equal("trace_id" in last(), false);
  });

  it("hides what must not be written, wherever somebody forgot it, and leaves the object as it was", () => {
    const { log, written } = lines();
    const fields = { subject: "Hello", mail: { from: "a", id: 3 }, list: ["kept"] };
    log.child({ password: "x", account: { address: "q" } }).info(fields, "event");
    const { subject, mail, list, password, account } = JSON.parse(written[0] ?? "{}");
    assert.deepEqual(
      { subject, mail, list, password, account },
      { subject: "***", mail: { from: "***", id: 3 }, list: ["kept"], password: "***", account: { address: "***" } },
    );
    assert.equal(fields.mail.from, "a");
  });

  it("takes the addresses out of errors, their causes and their own fields", () => {
    const { log, written, last } = lines();
    const cause = new Error("no mailbox for <bob@example.org>");
    log.error(
      {
        err: Object.assign(new Error("login of anna@example.org failed", { cause }), {
          code: "EAUTH",
          user: "anna@example.org",
          serverResponse: "Hi",
        }),
      },
      "failed",
    );
    assert.doesNotMatch(written[0] ?? "", /example\.org/);
    assert.deepEqual(Object.keys(Object(last()["err"])), ["type", "message", "stack", "code"]);
    log.error({ err: "anna@example.org said no" }, "failed");
    assert.equal(last()["err"], "*** said no");
  });

  it("leaves the paths of scoped packages in a stack", () => {
    assert.equal(
      scrub("at file:///x/node_modules/@nats-io/core/a.js:1:2 (anna@example.org)"),
      "at file:///x/node_modules/@nats-io/core/a.js:1:2 (***)",
    );
  });

  it("is pretty for people", () => {
    const line =
      '{"level":"warn","time":"2026-01-02T03:04:05.678Z","service":"mailbox","instance":"i","n":1,"text":"a b","o":{"k":2},"err":{"stack":"Error: x\\n    at y"},"event":"it-happened"}\n';
    assert.equal(
      prettyLine(line, { colour: false }),
      '03:04:05.678 warn  mailbox it-happened n=1 text=a b o={"k":2}\n    Error: x\n        at y\n',
    );
    assert.ok(prettyLine(line, { colour: true }).includes("\u001b[33mwarn \u001b[0m"));
    for (const odd of ["no json\n", "[]\n", "null\n", "{}\n"])
      assert.equal(typeof prettyLine(odd, { colour: false }), "string");
    const { log, written } = lines("pretty");
    log.info({ ms: 1 }, "event");
    assert.equal(written.length, 1);
    assert.match(written[0] ?? "", /^\S+ info {2}mailbox event ms=1\n$/);
  });
});
