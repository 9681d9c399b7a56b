import { type ParseArgsConfig, parseArgs } from "node:util";

/** A command line that cannot be understood: told to the person with the scenario's help, exit code 2. */
export class BadOptions extends Error {}

type Specs = NonNullable<ParseArgsConfig["options"]>;

/** Reads `--name value` options strictly. @throws BadOptions */
export function readOptions(
  argv: readonly string[],
  options: Specs,
): Readonly<Record<string, string | boolean | undefined>> {
  try {
    const { values } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false });
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? String(value.at(-1)) : value]),
    );
  } catch (error) {
    throw new BadOptions(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** A whole number within its bounds. @throws BadOptions that names the option */
export function wholeNumber(
  name: string,
  text: string | boolean | undefined,
  bounds: { readonly min: number; readonly max: number },
): number {
  const value = typeof text === "string" && /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= bounds.min && value <= bounds.max) return value;
  throw new BadOptions(`--${name} takes a whole number from ${bounds.min} to ${bounds.max}, not ${String(text)}`);
}

/** Text of an option, or undefined. */
export function textOption(value: string | boolean | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A list `a,b,c` of which each part must be known. @throws BadOptions that names those that are */
export function chosen<T extends string>(name: string, text: string | undefined, known: readonly T[]): readonly T[] {
  if (text === undefined) return known;
  return text.split(",").map((part) => {
    const found = known.find((one) => one === part.trim());
    if (found === undefined) throw new BadOptions(`--${name}: ${part} is none of ${known.join(", ")}`);
    return found;
  });
}
