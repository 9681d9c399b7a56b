/** The relay that takes everything that leaves, and how it is spoken to. Durations in ms. */
export interface Route {
  readonly host: string;
  readonly port: number;
  readonly tls: "implicit" | "starttls" | "none";
  /** PEM texts that are trusted; absent: the system's. */
  readonly authorities?: readonly string[];
  readonly auth?: { readonly user: string; readonly password: () => string };
  /** What EHLO says (RFC 5321 §4.1.1.1). */
  readonly name: string;
  readonly connectMs: number;
  /** For each command (RFC 5321 §4.5.3.2 wants 5 minutes). */
  readonly commandMs: number;
  /**
   * For each piece of a mail to leave (RFC 5321 §4.5.3.2.5: 3 minutes), and for the answer to its final dot (§4.5.3.2.6: 10 minutes): together
   * they take as long as the mail is.
   */
  readonly dataMs: number;
}

/** The relay cannot be used now, for whatever mail: not there, its certificate, its greeting, who signs in. */
export class RelayUnavailable extends Error {
  override readonly name = "RelayUnavailable";
  /** A stable word for logs: `connect`, `tls`, `greeting`, `starttls-missing`, `auth`, `auth-missing`, `busy`, or the system's code. */
  readonly code: string;

  constructor(message: string, options: { readonly code: string; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = options.code;
  }
}

/** The connection ended, or fell silent, before an answer came. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}
