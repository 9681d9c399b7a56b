import type { Finding } from "@tamis/kit";
import type { Command } from "commander";
import { z } from "zod";
import { type CommandLine, configOption, jsonOption } from "../command-line.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { parseJson } from "../json.ts";
import { merge, type OwnedFinding, type ToldFinding } from "../merge-findings.ts";
import { ownFindings } from "../own-checks.ts";
import type { Locale } from "../say.ts";
import { captureService, serviceArguments } from "../service-run.ts";
import { configuredPrograms, type ServiceProgram } from "../services.ts";
import { type ConfigOption, configPath } from "../settings-file.ts";
import type { Surroundings } from "../surroundings.ts";
import { formatTable } from "../table.ts";

/** A service's doctor gives itself 30 s after NATS was tried. */
const SERVICE_TIMEOUT_MS = 60_000;

interface DoctorOptions extends ConfigOption {
  readonly json?: true;
}

export function addDoctor(root: Command, line: CommandLine): void {
  line
    .add(root, "doctor", "doctor.about", ["tamis doctor", "tamis doctor --json --config /etc/tamis/tamis.yaml"])
    .addOption(configOption(line.io))
    .addOption(jsonOption(line.io))
    .action(line.act((options: DoctorOptions) => doctor(options, line.io)));
}

async function doctor(options: DoctorOptions, io: Surroundings): Promise<ExitCode> {
  const config = configPath(options, io);
  const own = ownFindings(config, io).then((findings) => findings.map((finding) => ({ ...finding, by: "tamis" })));
  const reports = await Promise.all([
    own,
    ...configuredPrograms(config).map((service) => askService(service, config, io)),
  ]);
  const findings = merge(reports.flat());
  const bad = findings.filter((finding) => !finding.ok).length;
  if (options.json === true) io.out(JSON.stringify(findings, null, 2));
  else {
    io.out(findingsText(findings, io));
    io.out(io.say(bad === 0 ? "doctor.summary-ok" : "doctor.summary-bad", { count: findings.length, bad }));
  }
  return bad === 0 ? exitCode.ok : exitCode.failed;
}

const text = z.object({ en: z.string(), fr: z.string() });
const findingList = z.array(z.object({ id: z.string(), ok: z.boolean(), text, mend: text.exactOptional() }));

async function askService(service: ServiceProgram, config: string, io: Surroundings): Promise<readonly OwnedFinding[]> {
  const { name } = service;
  const run = await captureService(serviceArguments(service, config, "--doctor"), SERVICE_TIMEOUT_MS);
  const parsed = findingList.safeParse(parseJson(new TextEncoder().encode(run.stdout)));
  if (parsed.success) return parsed.data.map((finding) => ({ ...told(finding, io.locale), by: name }));
  const message = run.stderr.trim() || `exit ${run.exitCode}`;
  return [
    {
      id: name,
      ok: false,
      by: name,
      text: io.say("doctor.service-failed", { name, message }),
      mend: io.say("doctor.service-mend", { name }),
    },
  ];
}

function told({ id, ok, text, mend }: Finding, locale: Locale): ToldFinding {
  return { id, ok, text: text[locale], ...(mend === undefined ? {} : { mend: mend[locale] }) };
}

function findingsText(findings: readonly OwnedFinding[], { say }: Surroundings): string {
  const rows = formatTable(
    findings.map((finding) => [finding.ok ? "ok" : "!!", finding.by, finding.id, finding.text]),
  ).split("\n");
  const lines: string[] = [];
  // A text may have several lines: the row's own count tells where its mend belongs.
  for (const finding of findings) {
    const height = finding.text.split("\n").length;
    lines.push(...rows.splice(0, height));
    if (finding.mend !== undefined) lines.push(`      → ${say("doctor.mend", { mend: finding.mend })}`);
  }
  return lines.join("\n");
}
