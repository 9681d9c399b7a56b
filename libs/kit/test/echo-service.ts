import { z } from "zod";
import { accountSections, loadAccounts, runService, toTraceparent } from "../src/index.ts";

/** A service for the tests of the kit: it answers on the bus, and does what its section says when it is stopped. */
const echoSection = z.strictObject({
  stop: z.enum(["orderly", "slow", "never", "throw"]).default("orderly").describe("how it stops"),
  bug: z.enum(["none", "exception", "rejection", "start"]).default("none").describe("what goes wrong"),
});

await runService({
  name: "echo",
  sections: { ...accountSections, echo: echoSection },
  stopWithinMs: 5_000,
  start: async ({ settings, log, bus, tracer, meter, health, instance, signal }) => {
    const { bug, stop } = settings.echo;
    if (bug === "start") throw new Error("no mailbox for anna@example.org");
    log.info({ accounts: loadAccounts(settings).length, instance }, "accounts-loaded");
    const asked = meter.createCounter("echo.asked");
    const took = meter.createHistogram("echo.duration", { unit: "s" });
    const answering = await bus.respond("echo", ({ payload }) =>
      tracer.startActiveSpan("echo", (span) => {
        log.info({ bytes: payload.length }, "asked");
        asked.add(1);
        took.record(0.003);
        const traceparent = toTraceparent() ?? "";
        span.end();
        return { payload, headers: { traceparent } };
      }),
    );
    if (bug === "exception") setImmediate(() => nowhere());
    if (bug === "rejection") void Promise.reject(new Error("nobody awaits anna@example.org"));
    health.set("mood", "ok");
    return {
      stop: async () => {
        // Before it says so: who hears "draining" may send it at once, and without a listener it would end the process.
        const told = new Promise((resolve) => process.once("SIGUSR2", resolve));
        log.info({ aborted: signal.aborted, connected: bus.isConnected() }, "draining");
        await answering.stop();
        if (stop === "throw") throw new Error("cannot stop");
        if (stop === "never") await new Promise(() => {});
        if (stop === "slow") await told;
      },
    };
  },
  doctor: async ({ bus, settings }) => [
    {
      id: "echo",
      ok: bus !== null,
      text: { en: `stop ${settings.echo.stop}`, fr: `arrêt ${settings.echo.stop}` },
    },
  ],
});

function nowhere(): never {
  throw new Error("nobody catches anna@example.org");
}
