/** RFC 3461: what reports are asked for. */
export interface DsnRequest {
  readonly notify?: readonly string[] | undefined;
  readonly ret?: "FULL" | "HDRS" | undefined;
}

/** RFC 2852: `time` in epoch ms. */
export interface DeliverBy {
  readonly time: number;
  readonly mode: "notify" | "return";
  readonly trace: boolean;
}

/** One mail for the wire. */
export interface OutgoingMail {
  /** RFC 3461 §4.4: names it in reports. */
  readonly envelopeId: string;
  /** null is <>. */
  readonly from: string | null;
  readonly recipients: readonly { readonly id: number; readonly address: string }[];
  readonly octets: Uint8Array;
  readonly dsn: DsnRequest | null;
  readonly deliverBy: DeliverBy | null;
}
