import { readdir } from "node:fs/promises";
import type { DoctorContext, Finding } from "@tamis/kit";
import type { programsConfig } from "./config.ts";
import { programFile } from "./program-file.ts";

type Context = Pick<DoctorContext<{ readonly programs: typeof programsConfig }>, "settings">;

/** What `tamis doctor` asks of this service: which programs scripts may name, and which of them would be refused. */
export async function examine({ settings }: Context): Promise<readonly Finding[]> {
  const { folder } = settings.programs;
  const names = (await readdir(folder)).filter((name) => !name.startsWith(".")).toSorted();
  const findings: Finding[] = [];
  let usable = 0;
  for (const name of names) {
    const file = await programFile(folder, name);
    if (file.kind === "found") usable += 1;
    if (file.kind !== "unsafe") continue;
    findings.push({
      id: `programs.${name}`,
      ok: false,
      text: `the program ${name} is never run: ${file.why}`,
      mend: `make ${folder} and the program belong to root, writable by root alone, and executable`,
    });
  }
  return [{ id: "programs.folder", ok: true, text: `${usable} programs may be run from ${folder}` }, ...findings];
}
