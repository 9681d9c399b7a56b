/** One mail in a mailbox of the test file's own mail store. */
export interface StoredMail {
  readonly raw: Uint8Array;
  readonly flags: readonly string[];
}

interface Mailbox {
  readonly mails: StoredMail[];
  readonly annotations: Map<string, string>;
}

/** Mailboxes in memory: empty at the start of a test file, gone at its end. */
export class MailStore {
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #annotations = new Map<string, string>();

  /** Mailboxes by the special-use attribute that they were created with, in lower case (RFC 8579 §4). */
  readonly uses = new Map<string, readonly string[]>();

  /** RFC 3501 §5.1: INBOX always exists. */
  has(name: string): boolean {
    const key = canonical(name);
    return key === "INBOX" || this.#mailboxes.has(key);
  }

  get names(): readonly string[] {
    return [...this.#mailboxes.keys()];
  }

  create(name: string, use?: string): void {
    const isNew = !this.has(name);
    this.#mailbox(name);
    if (isNew && use !== undefined)
      this.uses.set(use.toLowerCase(), [...(this.uses.get(use.toLowerCase()) ?? []), name]);
  }

  store(name: string, mail: StoredMail): void {
    this.#mailbox(name).mails.push(mail);
  }

  /** The mail at a place counted from 0. */
  mail(name: string, index: number): StoredMail | null {
    return this.#mailboxes.get(canonical(name))?.mails[index] ?? null;
  }

  /** Sets an annotation of a mailbox, or of the server (null). Entry names have no case. */
  annotate(mailbox: string | null, entry: string, value: string): void {
    const annotations = mailbox === null ? this.#annotations : this.#mailbox(mailbox).annotations;
    annotations.set(entry.toLowerCase(), value);
  }

  annotation(mailbox: string | null, entry: string): string | null {
    const annotations = mailbox === null ? this.#annotations : this.#mailboxes.get(canonical(mailbox))?.annotations;
    return annotations?.get(entry.toLowerCase()) ?? null;
  }

  #mailbox(name: string): Mailbox {
    const key = canonical(name);
    const known = this.#mailboxes.get(key);
    if (known !== undefined) return known;
    const made: Mailbox = { mails: [], annotations: new Map() };
    this.#mailboxes.set(key, made);
    return made;
  }
}

function canonical(name: string): string {
  return name.toUpperCase() === "INBOX" ? "INBOX" : name;
}
