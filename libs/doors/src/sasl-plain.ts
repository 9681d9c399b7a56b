/** What a client of SASL PLAIN says. */
export interface PlainMessage {
  /** Whom to act as; empty: oneself. */
  readonly authzid: string;
  readonly name: string;
  readonly password: string;
}

const NUL = "\0";
/** RFC 4616 §2 asks for 255 octets at least. */
const MAX_OCTETS = 1024;

/** RFC 4616 §2: `[authzid] NUL authcid NUL passwd`, in UTF-8. `null` where it is not that. Never throws. */
export function parsePlain(message: Uint8Array): PlainMessage | null {
  const text = decodeUtf8(message);
  const parts = text?.split(NUL) ?? [];
  const [authzid, name, password, ...more] = parts;
  if (authzid === undefined || name === undefined || password === undefined || more.length > 0) return null;
  if (name === "" || password === "") return null;
  return parts.some((part) => Buffer.byteLength(part) > MAX_OCTETS) ? null : { authzid, name, password };
}

/** The text, or `null` where the bytes are no UTF-8. A byte order mark stays: it is part of a password as any other. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
