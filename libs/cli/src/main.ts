import { buffer } from "node:stream/consumers";
import { runCli } from "./cli.ts";
import { localeOf, sayIn } from "./say.ts";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // The second time: at once.
    if (stop.signal.aborted) process.exit(130);
    stop.abort(signal);
  });
}
// A reader that ends early (`tamis log | head`) is no error.
process.stdout.on("error", () => process.exit(0));

const locale = localeOf(process.env);
process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  env: process.env,
  locale,
  say: sayIn(locale),
  readStdin: async () => new Uint8Array(await buffer(process.stdin)),
  signal: stop.signal,
});
