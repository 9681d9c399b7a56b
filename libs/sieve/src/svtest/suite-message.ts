import { type Message, parseAddresses, readMessage } from "@tamis/message";

/** The envelope of the current message. */
export interface SuiteEnvelope {
  readonly from: string | null;
  readonly to: string | null;
  readonly originalTo: string | null;
  readonly auth: string;
}

/** The account that test files speak of. */
export const accountName = "testsuite-mail-user@example.org";

/** Text as a message: every line ends in CRLF. */
export function messageOf(text: string): Message {
  return readMessage(Buffer.from(text.replace(/\r\n|\r|\n/g, "\r\n"), "utf8"));
}

/** The message at the start of a test file. */
export function startMessage(): Message {
  return messageOf("From: sender@example.com\nTo: recipient@example.org\nSubject: Frop!\n\nFriep!\n");
}

/** The envelope that a message gets when nobody says another one. */
export function envelopeOf(message: Message): SuiteEnvelope {
  const to = firstAddress(message, ["envelope-to", "to"]) ?? "recipient@example.com";
  return {
    from: firstAddress(message, ["return-path", "sender", "from"]) ?? "sender@example.com",
    to,
    originalTo: to,
    auth: accountName,
  };
}

function firstAddress(message: Message, names: readonly string[]): string | null {
  for (const name of names) {
    for (const field of message.headers(name)) {
      const found = field.addresses().find(({ address }) => address !== "");
      if (found !== undefined) return found.address;
    }
  }
  return null;
}

/** A path with or without angle brackets: "" for the null one, null when it is none. */
export function pathOf(text: string): string | null {
  // RFC 5321 §4.1.2: a source route in front is read and dropped.
  const inner = text.trim().replace(/^<(?:@[^<>:]+:)?([^<>]*)>$/, "$1");
  if (inner === "") return "";
  const [only, more] = parseAddresses(inner);
  if (more !== undefined || only === undefined || only.address !== inner) return null;
  return /[\s<>]/.test(inner.replace(/"(?:[^"\\]|\\.)*"/g, "")) ? null : inner;
}
