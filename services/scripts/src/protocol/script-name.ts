/** RFC 5804 §1.6: servers take 128 Unicode characters. */
const MAX_CHARACTERS = 128;

/** RFC 5804 §1.6: Net-Unicode without control characters and separators of lines, at least one character. */
export function isScriptName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (name === "" || /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(name)) return false;
  return name.length <= 2 * MAX_CHARACTERS && [...name].length <= MAX_CHARACTERS && name.isWellFormed();
}
