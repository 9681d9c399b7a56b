import type { MailMeta } from "@tamis/contracts";
import { parseInternalDate } from "./internal-date.ts";
import { asNumber, asOctets, asText, type Value } from "./response-values.ts";

const NOTHING: Buffer = Buffer.alloc(0);

/** What FETCH tells of one mail. `bytes` is its (first) part asked for. */
export interface FetchedMail {
  readonly uid: number;
  readonly size: number;
  /** INTERNALDATE, epoch ms; 0 where not asked for. */
  readonly internalDate: number;
  readonly flags: readonly string[];
  readonly bytes: Buffer;
  /** What `bytes` lacks, where parts were left out. */
  readonly omission?: MailMeta["omission"];
}

/** From the items of one FETCH response. */
export function fetchedMail(items: ReadonlyMap<string, Value>): FetchedMail {
  const flags = items.get("FLAGS");
  let bytes: Buffer = NOTHING;
  for (const [name, value] of items) {
    if (name.startsWith("BODY[")) bytes = asOctets(value) ?? NOTHING;
  }
  return {
    uid: asNumber(items.get("UID")),
    size: asNumber(items.get("RFC822.SIZE")),
    internalDate: parseInternalDate(asText(items.get("INTERNALDATE"))),
    flags: Array.isArray(flags) ? flags.map((value) => asText(value)) : [],
    bytes,
  };
}
