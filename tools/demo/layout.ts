const WIDE =
  /\p{Extended_Pictographic}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/u;
const NARROW = /^[\u2190-\u21ff\u2500-\u27bf©®™‼⁉]$/u;
const NOTHING = /^[\p{Mark}\p{Cf}\p{Cc}]$/u;

/** Columns that one character takes in a terminal. */
function columnsOf(character: string): number {
  if (NOTHING.test(character)) return 0;
  return WIDE.test(character) && !NARROW.test(character) ? 2 : 1;
}

/** Columns that a text takes in a terminal. */
export const widthOf = (text: string): number =>
  Array.from(text).reduce((sum, character) => sum + columnsOf(character), 0);

/** Cuts a text to `width` columns, an ellipsis showing that it was cut. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const character of text) {
    used += columnsOf(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Cuts or fills a text to exactly `width` columns. */
export function column(text: string, width: number): string {
  const fitting = cut(text, width);
  return fitting + " ".repeat(Math.max(0, width - widthOf(fitting)));
}

/** Breaks a paragraph into lines of at most `width` columns, each beginning with `indent`. */
export function wrap(text: string, width: number, indent = ""): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(" ")) {
    if (line !== indent && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  lines.push(line);
  return lines.join("\n");
}
