import type { Extension } from "../extension.ts";

/** Stands for a string without a leading digit: positive infinity (RFC 4790 §9.1.1). */
const infinity = "∞";

function fold(text: string): string {
  const digits = /^[0-9]+/.exec(text)?.[0];
  if (digits === undefined) return infinity;
  return digits.replace(/^0+(?=[0-9])/, "");
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  if (left === infinity) return 1;
  if (right === infinity) return -1;
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : 1;
}

/** Numbers at the start of strings, of any length, compared as numbers. */
export const comparatorAsciiNumeric: Extension = {
  name: "comparator-i;ascii-numeric",
  rfc: "RFC 4790 §9.1",
  state: "yes",
  comparators: [{ name: "i;ascii-numeric", fold, substring: false, compare }],
};
