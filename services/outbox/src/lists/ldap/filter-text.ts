/** RFC 4515 §3: a value as it stands in a filter, whatever is in it: nothing in it can end the value, or match more than itself. */
export function filterValue(value: string): string {
  return [...Buffer.from(value)]
    .map((octet) => (isPlain(octet) ? String.fromCharCode(octet) : `\\${octet.toString(16).padStart(2, "0")}`))
    .join("");
}

/** Letters, digits and the few signs of names that mean nothing in a filter. */
const isPlain = (octet: number): boolean => /[A-Za-z0-9 .,@_:/+-]/.test(String.fromCharCode(octet));

/** Stands for the name of a list in the filters of tamis.yaml. */
export const NAME_MARK = "{name}";

/** The filter of a list by its name. */
export const filterFor = (template: string, name: string): string => template.replaceAll(NAME_MARK, filterValue(name));

/** The filter of every list of a kind. */
export const filterForAll = (template: string): string => template.replaceAll(NAME_MARK, "*");

/** RFC 4515 §2: in parentheses, as many opened as closed: enough to be put into another filter without changing that. */
export function isFilter(text: string): boolean {
  if (!text.startsWith("(") || !text.endsWith(")")) return false;
  let depth = 0;
  for (const [index, sign] of [...text].entries()) {
    if (sign === "(") depth++;
    else if (sign === ")") depth--;
    // Closed before its end: two filters side by side.
    if (depth < 0 || (depth === 0 && index < text.length - 1)) return false;
  }
  return depth === 0;
}
