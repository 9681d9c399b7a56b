/** RFC 3461: what reports are asked for. */
export interface DsnRequest {
  readonly notify?: readonly string[] | undefined;
  readonly ret?: "FULL" | "HDRS" | undefined;
  /** Of a submitted mail: its author's own (RFC 3461 §4.4), decoded. */
  readonly envid?: string | undefined;
  /** RFC 4865 §7: how long it was to be held, `for;3600`; it is not passed on, only reported. */
  readonly futureRelease?: string | undefined;
  /** Of a submitted mail: what was said of each recipient, by its address; `notify` above does not count then. */
  readonly recipients?: Readonly<Record<string, RecipientDsn>> | undefined;
}

/** RFC 3461 §4.1, §4.2: `orcpt` decoded, `rfc822;anna@example.org`. */
export interface RecipientDsn {
  readonly notify?: readonly string[] | undefined;
  readonly orcpt?: string | undefined;
}

/** RFC 2852: `time` in epoch ms. */
export interface DeliverBy {
  readonly time: number;
  readonly mode: "notify" | "return";
  readonly trace: boolean;
}

/** One mail for the wire. */
export interface OutgoingMail {
  /** RFC 3461 §4.4: names it in reports; null: nothing does. */
  readonly envelopeId: string | null;
  /** null is <>. */
  readonly from: string | null;
  readonly recipients: readonly { readonly id: number; readonly address: string }[];
  readonly octets: Uint8Array;
  readonly dsn: DsnRequest | null;
  readonly deliverBy: DeliverBy | null;
  /** Its header is not ASCII, and whoever wrote it said so (RFC 6531 §3.4). */
  readonly isUtf8?: boolean;
  /** SASL authorization identity that it is sent as (RFC 4616); absent: none. */
  readonly authzid?: string | null;
}
