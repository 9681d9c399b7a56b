import type { CheckContext } from "./extension.ts";
import type { Arguments, ArgumentValue } from "./program.ts";

/** How date parts are written (RFC 5260 §4.2). */
const dateForms: ReadonlyMap<string, RegExp> = new Map([
  ["year", /^\d{4}$/],
  ["month", /^(?:0[1-9]|1[0-2])$/],
  ["day", /^(?:0[1-9]|[12]\d|3[01])$/],
  ["date", /^\d{4}-\d\d-\d\d$/],
  ["julian", /^\d+$/],
  ["hour", /^(?:[01]\d|2[0-3])$/],
  ["minute", /^[0-5]\d$/],
  ["second", /^(?:[0-5]\d|60)$/],
  ["time", /^\d\d:\d\d:\d\d$/],
  ["zone", /^[+-]\d{4}$/],
  ["weekday", /^[0-6]$/],
]);

const orders: ReadonlySet<string> = new Set(["gt", "ge", "lt", "le"]);

/** Warns of keys that the test can never meet, whatever the mail: legal, and surely not meant. */
export function warnOfKeys(args: Arguments, context: CheckContext): void {
  const { keys, match = "is", matchArgument, comparator } = args;
  const part = args["datePart"];
  const isNumbers = match === "count" || match === "value";
  if (!isNumbers && part === undefined) return;
  const list: readonly ArgumentValue[] = Array.isArray(keys) ? keys : [];
  const isNumeric = comparator === "i;ascii-numeric";
  if (match === "count" && !isNumeric && typeof matchArgument === "string" && orders.has(matchArgument)) {
    context.report({ severity: "warning", code: "count-as-text", parameters: { relation: matchArgument } });
  }
  list.forEach((key, index) => {
    if (typeof key !== "string") return;
    const code = problemOf(key, { match, isNumeric, part });
    if (code === null) return;
    context.report({
      severity: "warning",
      code,
      at: "keys",
      index,
      parameters: { key, part: String(part) },
    });
  });
}

function problemOf(
  key: string,
  {
    match,
    isNumeric,
    part,
  }: { readonly match: ArgumentValue; readonly isNumeric: boolean; readonly part: ArgumentValue | undefined },
): string | null {
  // RFC 4790 §9.1.1: what does not begin with a digit is infinite.
  if ((match === "count" || match === "value") && isNumeric && !/^\d/.test(key)) return "key-not-a-number";
  const form = typeof part === "string" ? dateForms.get(part.toLowerCase()) : undefined;
  if (match !== "is" || isNumeric || form === undefined) return null;
  return form.test(key) ? null : "key-not-in-date-form";
}
