import { sieveAddress } from "./extensions/base-actions.ts";
import { isFieldName } from "./header-fields.ts";

/** A mailto URI, read (RFC 6068 §2). */
export interface Mailto {
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  /** Null where the URI has none. */
  readonly subject: string | null;
  readonly body: string | null;
  /** Other fields, in order. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** Addresses of one URI. */
const mostRecipients = 16;

/** RFC 5436 §2.7: fields that the notification itself decides; RFC 6068 §7 warns of the others. */
const ownFields =
  /^(?:from|sender|reply-to|date|message-id|received|return-path|auto-submitted|mime-version|content-.*|resent-.*|apparently-to|x-tamis-.*)$/i;

/** Reads a mailto URI; null for anything else, also where an address or a field's name is none. */
export function parseMailto(uri: string): Mailto | null {
  const found = /^mailto:([^?#]*)(?:\?([^#]*))?$/i.exec(uri);
  if (found === null) return null;
  const read = new MailtoReader();
  if (!read.addresses(found[1] ?? "", read.to)) return null;
  for (const pair of (found[2] ?? "").split(/&(?:amp;)?/)) {
    if (pair !== "" && !read.field(pair)) return null;
  }
  return read.result();
}

class MailtoReader {
  readonly to: string[] = [];
  readonly #cc: string[] = [];
  readonly #bcc: string[] = [];
  readonly #fields: (readonly [string, string])[] = [];
  #subject: string | null = null;
  #body: string | null = null;

  /** Reads addresses that commas separate, encoded ones too as in the mailto of RFC 5436 §2.1; false when one is none. */
  addresses(encoded: string, into: string[]): boolean {
    for (const part of encoded.replace(/%2c/gi, ",").split(",")) {
      if (part.trim() === "") continue;
      const address = sieveAddress(decoded(part) ?? "");
      if (address === null) return false;
      if (!into.some((one) => one.toLowerCase() === address.toLowerCase())) into.push(address);
    }
    return true;
  }

  field(pair: string): boolean {
    const at = pair.indexOf("=");
    const name = at < 0 ? null : decoded(pair.slice(0, at));
    const value = decoded(pair.slice(at + 1));
    if (name === null || value === null || !isFieldName(name) || value.includes("\0")) return false;
    if (name.toLowerCase() !== "body" && /[\r\n]/.test(value)) return false;
    switch (name.toLowerCase()) {
      case "to":
        return this.addresses(pair.slice(at + 1), this.to);
      case "cc":
        return this.addresses(pair.slice(at + 1), this.#cc);
      case "bcc":
        return this.addresses(pair.slice(at + 1), this.#bcc);
      case "subject":
        this.#subject = value;
        return true;
      case "body":
        this.#body = value;
        return true;
      default:
        if (!ownFields.test(name)) this.#fields.push([name, value]);
        return true;
    }
  }

  result(): Mailto | null {
    const count = this.to.length + this.#cc.length + this.#bcc.length;
    if (count === 0 || count > mostRecipients) return null;
    return {
      to: this.to,
      cc: this.#cc,
      bcc: this.#bcc,
      subject: this.#subject,
      body: this.#body,
      fields: this.#fields,
    };
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
