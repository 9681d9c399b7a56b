const COLOURS: Readonly<Record<string, string>> = {
  trace: "2",
  debug: "2",
  info: "32",
  warn: "33",
  error: "31",
  fatal: "1;31",
};

/** Fields that a reader of a terminal does not need on each line. */
const LEFT_OUT = new Set(["level", "time", "event", "service", "instance", "trace_id", "span_id", "err"]);

/** One line of JSON as a person likes to read it: `12:30:01.250 info  mail-applied  mailId=… ms=12`. Text that is no JSON stays as it is. */
export function prettyLine(line: string, options: { readonly colour: boolean }): string {
  const entry = parseEntry(line);
  if (entry === null) return line;
  const level = String(entry["level"] ?? "");
  const paint = (text: string, code: string | undefined): string =>
    options.colour && code !== undefined ? `\u001b[${code}m${text}\u001b[0m` : text;
  const fields = Object.entries(entry).filter(([key]) => !LEFT_OUT.has(key));
  const shown = fields.map(
    ([key, value]) => `${paint(`${key}=`, "2")}${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const time = String(entry["time"] ?? "").slice(11, 23);
  const head = `${paint(time, "2")} ${paint(level.padEnd(5), COLOURS[level])} ${paint(String(entry["service"] ?? ""), "2")} ${String(entry["event"] ?? "")}`;
  return `${[head, ...shown].join(" ")}${errorLines(entry["err"])}\n`;
}

function errorLines(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  const text = "stack" in error && typeof error.stack === "string" ? error.stack : JSON.stringify(error);
  return `\n    ${text.replaceAll("\n", "\n    ")}`;
}

function parseEntry(line: string): Record<string, unknown> | null {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "object" && entry !== null && !Array.isArray(entry) ? { ...entry } : null;
  } catch {
    return null;
  }
}
