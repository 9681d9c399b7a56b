#!/usr/bin/env node
// npm run check: the same here and in CI. `--write` formats and mends what it can first.
import { join } from "node:path";
import { environment } from "./launch.mjs";
import { run, SetupError } from "./setup/run.mjs";
import { orExplain, root, setup } from "./setup.mjs";

const HELP = `npm run check [-- --write]
  biome (format and lint), tsc (types), turbo boundaries (who may import whom), knip (what nobody uses).
  --write  formats and mends what Biome can mend
`;

const steps = (write) => [
  ["biome", ["check", "--error-on-warnings", "--max-diagnostics=100", ...(write ? ["--write"] : [])]],
  ["tsc", ["-p", "tsconfig.json"]],
  ["turbo", ["boundaries", "--no-color"]],
  ["knip", ["--no-progress", "--no-config-hints"]],
];

async function runStep([tool, args]) {
  const started = Date.now();
  // turbo looks for the node of its scripts in PATH, knip is a Node program itself.
  const path = `${join(root, "node_modules/.bin")}:${process.env.PATH}`;
  const done = await run(join(root, "node_modules/.bin", tool), args, {
    cwd: root,
    env: { ...environment, PATH: path },
  });
  const time = `${((Date.now() - started) / 1000).toFixed(1)} s`;
  if (!done.ok) process.stdout.write(`${done.output.trimEnd()}\n`);
  process.stdout.write(
    `check: ${tool} ${args[0] === "boundaries" ? "boundaries " : ""}${done.ok ? "ok" : "FAILED"} (${time})\n`,
  );
  return done.ok;
}

await orExplain(async () => {
  const args = process.argv.slice(2);
  const unknown = args.find((argument) => !["--write", "--help"].includes(argument));
  if (unknown) throw new SetupError(`unknown argument ${unknown}\n${HELP}`);
  if (args.includes("--help")) return process.stdout.write(HELP);
  await setup({ servers: false });
  let ok = true;
  for (const step of steps(args.includes("--write"))) ok = (await runStep(step)) && ok;
  process.exitCode = ok ? 0 : 1;
});
