import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The services of this checkout that can be run, in the order they are started. */
const ORDER = ["mailbox", "filter", "antispam", "outbox", "receipts", "archive", "scripts", "console"] as const;

/** A service and the file that runs it. */
export interface ServiceProgram {
  readonly name: string;
  readonly file: string;
}

const ROOT = new URL("../../../", import.meta.url);

/** Those of the known services that this installation has. */
export function servicePrograms(): readonly ServiceProgram[] {
  return ORDER.map((name) => ({ name, file: fileURLToPath(new URL(`services/${name}/src/main.ts`, ROOT)) })).filter(
    ({ file }) => existsSync(file),
  );
}
