import { z } from "zod";
import { fnv1a32 } from "./hash.ts";

/** KV `servers`: what an IMAP server said it can do after sign-in (RFC 9051 §7.2.2), upper case, sorted. */
export const serverAbilities = z.object({
  v: z.literal(1),
  capabilities: z.array(z.string()).readonly(),
  /** INBOX's PERMANENTFLAGS has `\\*`: keywords can be made (RFC 9051 §7.1). */
  keywords: z.boolean(),
});
export type ServerAbilities = Readonly<z.infer<typeof serverAbilities>>;

/** The key of a server in KV `servers`: 8 hex digits that stand for its host and port. */
export function serverKey(host: string, port: number): string {
  return fnv1a32(`${host.toLowerCase()}:${port}`).toString(16).padStart(8, "0");
}
