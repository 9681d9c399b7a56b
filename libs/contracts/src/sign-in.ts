import { z } from "zod";
import type { Fact } from "./facts.ts";

/** Why somebody was let in or not. Only operators read it: at the door every refusal sounds the same. */
export const signInReason = z.enum([
  "right-password",
  "right-token",
  "wrong-password",
  "wrong-token",
  /** The same wrong password as less than a minute ago: not asked of the IMAP server again. */
  "same-wrong-password",
  "unknown-account",
  /** The name could be more than one account's. */
  "ambiguous-name",
  /** It contains the separator that stands before a master user's name. */
  "master-name",
  /** RFC 4616: to act as somebody else. */
  "foreign-authzid",
  "malformed",
  "too-many-from-address",
  "too-many-at-once",
  "too-many-upstream",
  "server-unavailable",
]);
export type SignInReason = z.infer<typeof signInReason>;

const signInAttemptedSchema = z.object({
  v: z.literal(1),
  /** `managesieve`, `http`, `submission` … */
  door: z.string(),
  mechanism: z.enum(["PLAIN", "OAUTHBEARER"]),
  /** Absent where the name given belongs to no account. The name itself is told nowhere. */
  accountId: z.string().optional(),
  result: z.enum(["accepted", "refused", "later"]),
  reason: signInReason,
  /** IP address of who asked; for the audit, kept as long as EVENTS keeps facts. */
  peer: z.string(),
  at: z.number(),
});
export type SignInAttempted = Readonly<z.infer<typeof signInAttemptedSchema>>;
/** Somebody came to a door and was let in, refused, or told to come later. */
export const signInAttempted: Fact<SignInAttempted> = { name: "sign-in-attempted", schema: signInAttemptedSchema };
