export { runCli } from "./cli.ts";
export type { ExitCode } from "./exit-code.ts";
export type { Surroundings } from "./surroundings.ts";
