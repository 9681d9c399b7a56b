import { readdir } from "node:fs/promises";
import { type DoctorContext, type Finding, findingOf } from "@tamis/kit";
import type { programsConfig } from "./config.ts";
import { programFile } from "./program-file.ts";
import { remarks } from "./texts.ts";

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
    findings.push(findingOf(`programs.${name}`, remarks.unsafe, { name, why: file.why, folder }));
  }
  return [findingOf("programs.folder", remarks.folder, { usable, folder }), ...findings];
}
