export interface Reply {
  readonly payload: Uint8Array;
  header(name: string): string | undefined;
}

export interface RequestOptions {
  readonly timeoutMs: number;
  /** A long payload travels compressed; who responds gets it as it was. */
  readonly compress?: boolean | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Given each part of the answer that comes ahead of it, in order; the reply is there when all of them came. What it throws ends the request. */
  readonly onPart?: ((payload: Uint8Array) => void) | undefined;
  /**
   * How often who answers says that the answer is being made, ms; 2,500 where it may take longer than 15 s, else never. One that has said
   * so and is silent for four times as long is gone: {@link RetryLater} `unreachable`.
   */
  readonly signsEveryMs?: number | undefined;
}

export interface Incoming {
  readonly subject: string;
  readonly payload: Uint8Array;
  header(name: string): string | undefined;
}

export interface Answer {
  readonly payload: Uint8Array;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * Thrown errors are logged and answered as failed: the asker gets {@link RetryLater} with the code `failed`. `sendPart` sends a part of the
 * answer ahead of it; undefined where who asks takes none.
 */
export type Responder = (
  request: Incoming,
  sendPart?: ((payload: Uint8Array) => void) | undefined,
) => Answer | Promise<Answer>;

/** Requests are answered side by side. */
export interface RespondOptions {
  /** Each is answered by one of all that give the same. */
  readonly queue?: string;
  /** Those that come over this very connection are answered here, without a way through NATS: payloads are handed over as they are. */
  readonly near?: boolean;
}
