import { parseArgs } from "node:util";

/** What the command line of a service asks for. */
export type ServiceRequest =
  | { readonly kind: "run" | "check-config" | "doctor"; readonly config: string }
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly problem: string };

/** Reads the flags that every service has. The file: `--config`, else TAMIS_CONFIG, else `tamis.yaml` here. */
export function readServiceArguments(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ServiceRequest {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        config: { type: "string" },
        "check-config": { type: "boolean" },
        doctor: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help === true) return { kind: "help" };
    const config = values.config || environment["TAMIS_CONFIG"] || "tamis.yaml";
    if (values["check-config"] === true) return { kind: "check-config", config };
    return { kind: values.doctor === true ? "doctor" : "run", config };
  } catch (error) {
    return { kind: "wrong", problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The help text of a service. */
export function serviceUsage(name: string): string {
  return `Usage: ${name} [--config FILE] [--check-config | --doctor]

  --config FILE    the configuration; else TAMIS_CONFIG, else ./tamis.yaml
  --check-config   read it, print every fault with its line, and end: 0 = valid, 1 = not
  --doctor         look at what the service needs without starting it; prints JSON
                   findings {id, ok, text, mend?}: 0 = all well, 1 = something to mend

SIGTERM or SIGINT: an orderly stop, exit code 0; a second one ends at once with 1.
Exit code 78: the configuration cannot be used. 1: any other failure.
`;
}
