import type { Origin } from "./program.ts";

/** What a run decided, in script order (RFC 5228 §4). Nothing is carried out here. */
export type Action = Keep | Fileinto | Redirect | Discard;

/** Leave the mail in its mailbox. `flags`, when there, is the whole set that the script wants it to have (RFC 5232 §5). */
export interface Keep {
  readonly kind: "keep";
  /** No action cancelled the implicit keep (RFC 5228 §2.10.2), or the run failed. */
  readonly implicit: boolean;
  readonly flags?: readonly string[];
  /** The command that asked for it; null for an implicit keep. */
  readonly origin: Origin | null;
}

/** File into a mailbox: UTF-8 name, the server's own hierarchy separator. */
export interface Fileinto {
  readonly kind: "fileinto";
  readonly mailbox: string;
  /** RFC 3894: the implicit keep stands. */
  readonly copy: boolean;
  /** RFC 5490 §3.2: create the mailbox when it is missing. */
  readonly create: boolean;
  readonly flags?: readonly string[];
  readonly origin: Origin;
}

/** Send on to one address. */
export interface Redirect {
  readonly kind: "redirect";
  readonly address: string;
  readonly copy: boolean;
  readonly origin: Origin;
}

/** Cancels the implicit keep; has no other effect beside an action that stores the mail (RFC 5228 §4.4). */
export interface Discard {
  readonly kind: "discard";
  readonly origin: Origin;
}
