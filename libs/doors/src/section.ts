import { doorSections } from "@tamis/kit";
import { z } from "zod";

const doors = z.strictObject({
  default_domain: z
    .string()
    .regex(/^[^\s@]+\.[^\s@]+$/, "is no domain")
    .optional()
    .describe("domain of names that are typed without one"),
  failures_per_address: z
    .int()
    .min(1)
    .max(10_000)
    .default(20)
    .describe("failed sign-ins of one address in ten minutes; above, nothing is asked of the IMAP server"),
  failures_upstream_per_minute: z
    .int()
    .min(1)
    .max(100_000)
    .default(120)
    .describe("failed log-ins that the IMAP server is asked for in a minute, all addresses together"),
  first_delay_ms: z
    .int()
    .min(0)
    .max(60_000)
    .default(500)
    .describe("how long the first refusal of an account to an address is held back; doubled with each"),
  longest_delay_ms: z.int().min(0).max(120_000).default(30_000).describe("the most that a refusal is held back"),
  upstream_connections: z
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .describe("connections at once to the IMAP server to check passwords"),
  timeout_ms: z.int().min(100).max(120_000).default(15_000).describe("how long the IMAP server may take to answer"),
});

export type DoorsSettings = Readonly<z.output<typeof doors>>;

/** For the services that owners sign in to: `sections: { ...doorsSections, … }`. */
export const doorsSections = { ...doorSections, doors };
