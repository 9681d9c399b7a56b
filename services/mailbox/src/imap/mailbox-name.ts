/** RFC 3501 §5.1.3: a folder's name in modified UTF-7, as it goes over the wire. */
export function encodeMailboxName(name: string): string {
  return name.replaceAll("&", "&-").replace(/[^\x20-\x7e]+/g, (run) => `&${encodeRun(run)}-`);
}

function encodeRun(run: string): string {
  const utf16 = Buffer.alloc(run.length * 2);
  for (let i = 0; i < run.length; i++) utf16.writeUInt16BE(run.charCodeAt(i), i * 2);
  return utf16.toString("base64").replace(/=+$/, "").replaceAll("/", ",");
}

/** The name as text. What is not modified UTF-7 is left as it stands. */
export function decodeMailboxName(wire: string): string {
  return wire.replace(/&([A-Za-z0-9+,]*)-/g, (whole, base64: string) => {
    if (base64 === "") return "&";
    const utf16 = Buffer.from(base64.replaceAll(",", "/"), "base64");
    if (utf16.length % 2 !== 0 || utf16.length === 0) return whole;
    let text = "";
    for (let i = 0; i < utf16.length; i += 2) text += String.fromCharCode(utf16.readUInt16BE(i));
    return text;
  });
}

/** RFC 9051 §5.1: INBOX is INBOX in any case. */
export function isInbox(name: string): boolean {
  // Not by toUpperCase: "ı" would become "I".
  return /^inbox$/i.test(name);
}

/** A folder's name as a quoted string. Control characters cannot be in a name: `null`. */
export function quoteMailboxName(name: string): string | null {
  const wire = isInbox(name) ? "INBOX" : encodeMailboxName(name);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (name === "" || /[\x00-\x1f\x7f]/.test(name)) return null;
  return `"${wire.replace(/["\\]/g, "\\$&")}"`;
}
