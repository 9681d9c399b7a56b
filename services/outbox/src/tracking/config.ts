import { MAX_TOKEN_LENGTH } from "@tamis/tokens";
import { z } from "zod";
import { toPath } from "../smtp/address.ts";

/** In the place of a token: whatever fits with it fits with every token. */
const LONGEST_TOKEN = "a".repeat(MAX_TOKEN_LENGTH);

/** `outbox.receipts` of `tamis.yaml`: where reports on tracked mail come back to. */
export const trackingConfig = z
  .strictObject({
    address: z
      .string()
      .optional()
      .describe("a mailbox of the operator's that `mailbox` watches; the token stands behind its local part"),
    separator: z
      .string()
      .regex(/^[+\-_.=]$/, "not one of + - _ . =")
      .default("+")
      .describe("what the mail server takes for the beginning of a subaddress"),
    domain: z
      .string()
      .optional()
      .describe("instead of an address: a domain of which every address comes into a mailbox that `mailbox` watches"),
    success: z.boolean().default(true).describe("whether servers are asked to report deliveries, too (RFC 3461 §4.1)"),
  })
  .superRefine((given, context) => {
    const { address, domain } = given;
    if ((address === undefined) === (domain === undefined)) {
      context.addIssue({
        code: "custom",
        path: ["address"],
        message: "one of `address` and `domain` is needed",
        params: { mend: "write `address: retours@academie.example`, or `domain: retours.academie.example`" },
      });
      return;
    }
    const path = toPath(bounceAddress(given, LONGEST_TOKEN));
    if (path === null || path.needsUtf8)
      context.addIssue({
        code: "custom",
        path: [address === undefined ? "domain" : "address"],
        message: `with a token of ${MAX_TOKEN_LENGTH} characters this is no address`,
        params: { mend: "a local part is ASCII and has 64 octets at most (RFC 5321 §4.5.3.1.1)" },
      });
  })
  .describe("where reports on what is sent come back to");

/** Where tokens stand. */
export interface BounceSettings {
  readonly address?: string | undefined;
  readonly separator: string;
  readonly domain?: string | undefined;
}

/** The address of the reports on one recipient: MAIL FROM, and Disposition-Notification-To (RFC 8098 §2.1: the same). */
export function bounceAddress({ address, separator, domain }: BounceSettings, token: string): string {
  if (address === undefined) return `${token}@${domain ?? ""}`;
  const at = address.lastIndexOf("@");
  return `${address.slice(0, at)}${separator}${token}${address.slice(at)}`;
}
