import type { MailMeta } from "@tamis/contracts";
import type { Structure } from "./imap/body-structure.ts";

/** Not to send fewer octets than these, or than a quarter of the mail, is not worth the further questions. */
const WORTHWHILE = { octets: 4_096, share: 1 / 4 } as const;
/** A mail of more parts is fetched whole: each part is a section asked for by name. */
const MAX_SECTIONS = 40;
const LINE_END = Buffer.from("\r\n");

/** How a mail is fetched without the bodies of its attachments, and put together again. */
export interface TextsOnly {
  /** BODY sections (RFC 9051 §6.4.5.1): `HEADER`, `1.MIME`, `1` … */
  readonly sections: readonly string[];
  readonly omission: NonNullable<MailMeta["omission"]>;
  /** The octets kept, headers aside. */
  readonly octets: number;
  /** The mail without what is left out; null where the server gave not every section. */
  compose(octetsOf: (section: string) => Buffer | null): Buffer | null;
}

/** The bodies that rules on texts read: texts, and enclosed mails, which have texts of their own. */
const isRead = (type: string): boolean => /^(?:text|message)\//.test(type);

/** Null where the mail is to be fetched whole: it has no attachment worth leaving out. */
export function textsOnly(mail: Structure, size: number): TextsOnly | null {
  const plan = new Plan(mail);
  const { left, sections } = plan;
  if (left < WORTHWHILE.octets || left < size * WORTHWHILE.share || sections.length > MAX_SECTIONS) return null;
  return plan;
}

class Plan implements TextsOnly {
  readonly sections: string[] = ["HEADER"];
  /** Octets left out. */
  left = 0;
  octets = 0;
  readonly #mail: Structure;
  readonly #omitted: number[] = [];
  #leaves = 0;

  constructor(mail: Structure) {
    this.#mail = mail;
    this.#visit(mail, "");
  }

  get omission(): TextsOnly["omission"] {
    return { parts: this.#leaves, omitted: this.#omitted };
  }

  compose(octetsOf: (section: string) => Buffer | null): Buffer | null {
    const found = new Map(this.sections.map((section) => [section, octetsOf(section)]));
    const pieces: Buffer[] = [];
    const add = (section: string): boolean => {
      const octets = found.get(section) ?? null;
      if (octets !== null) pieces.push(octets);
      return octets !== null;
    };
    if (!add("HEADER")) return null;
    return this.#compose(this.#mail, "", { add, pieces }) ? Buffer.concat(pieces) : null;
  }

  #visit(part: Structure, number: string): void {
    if (part.kind === "leaf") {
      const index = this.#leaves++;
      if (isRead(part.type)) {
        this.octets += part.octets;
        this.sections.push(bodySection(number));
      } else {
        this.left += part.octets;
        this.#omitted.push(index);
      }
      return;
    }
    for (const [index, inner] of part.parts.entries()) {
      const child = childNumber(number, index);
      this.sections.push(`${child}.MIME`);
      this.#visit(inner, child);
    }
  }

  /** RFC 2046 §5.1.1. */
  #compose(
    part: Structure,
    number: string,
    to: { readonly add: (section: string) => boolean; readonly pieces: Buffer[] },
  ): boolean {
    if (part.kind === "leaf") return isRead(part.type) ? to.add(bodySection(number)) : true;
    for (const [index, inner] of part.parts.entries()) {
      const child = childNumber(number, index);
      to.pieces.push(Buffer.from(`--${part.boundary}\r\n`, "latin1"));
      if (!to.add(`${child}.MIME`) || !this.#compose(inner, child, to)) return false;
      to.pieces.push(LINE_END);
    }
    to.pieces.push(Buffer.from(`--${part.boundary}--\r\n`, "latin1"));
    return true;
  }
}

/** RFC 9051 §6.4.5.1: the body of a mail that is no multipart is its part 1. */
const bodySection = (number: string): string => number || "1";

const childNumber = (number: string, index: number): string =>
  number === "" ? `${index + 1}` : `${number}.${index + 1}`;
