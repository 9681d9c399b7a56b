import { z } from "zod";

export const journaledCopy = z.object({
  mailbox: z.string(),
  /** The target before the first COPY: what a retry looks through begins at this UIDNEXT. */
  uidValidity: z.number(),
  uidNext: z.number(),
  uids: z.array(z.tuple([z.number().int(), z.number().int()])),
  /** They are stored anew with their scripts' changes: the nonce of their `RewriteMarker`. */
  nonce: z.string().optional(),
});
/** A copy that was begun, written down before. */
export type JournaledCopy = Readonly<z.infer<typeof journaledCopy>>;
