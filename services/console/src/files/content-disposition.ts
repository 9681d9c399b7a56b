/**
 * `attachment` with the name of the file (RFC 6266 §4.1): where it is not plain ASCII, `filename*` (RFC 8187 §3.2) has it, and `filename` what comes
 * nearest, for old programs. No name leaves its quotes or its line.
 */
export function attachmentNamed(filename: string): string {
  const name = filename.toWellFormed();
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/gu, "_");
  return plain === name
    ? `attachment; filename="${name}"`
    : `attachment; filename="${plain}"; filename*=UTF-8''${extended(name)}`;
}

/** RFC 8187 §3.2.1: `attr-char`, all else percent-encoded. */
const extended = (name: string): string =>
  encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
