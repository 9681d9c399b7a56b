/** Which text of the draft is meant. */
export type FaultPlace =
  | "from"
  | "reply-to"
  | "subject"
  | "text"
  | "html"
  | "markdown"
  | "attachments"
  | "list-id"
  | "unsubscribe"
  | "headers";

export type FaultCode =
  | "no-text"
  | "html-and-markdown"
  | "too-long"
  | "bad-address"
  | "bad-field"
  | "unknown-field"
  | "field-in-markup"
  | "field-in-script"
  | "field-in-host"
  | "too-many-fields"
  | "bad-filename"
  | "bad-type"
  | "too-many-attachments"
  | "attachments-too-large"
  | "bad-list-id"
  | "bad-unsubscribe"
  | "bad-header"
  | "too-many-headers";

/** What is wrong with a draft, and where. {@link renderFault} says it in words. */
export interface Fault {
  readonly code: FaultCode;
  readonly place: FaultPlace;
  /** From 1; 0 where the whole is meant. */
  readonly line: number;
  /** From 1, in UTF-16 code units; 0 where the whole is meant. */
  readonly column: number;
  /** What the sentence names. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A fault of a whole text or setting. */
export function faultOf(code: FaultCode, place: FaultPlace, parameters: Readonly<Record<string, string>> = {}): Fault {
  return { code, place, line: 0, column: 0, parameters };
}
