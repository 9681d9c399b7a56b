import { z } from "zod";

const systemTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat("en", { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/** The section `filter` of `tamis.yaml`. */
export const filterConfig = z
  .strictObject({
    concurrency: z.int().min(1).max(64).default(4).describe("batches of mail decided on at once"),
    steps_limit: z
      .int()
      .min(1000)
      .max(100_000_000)
      .optional()
      .describe("steps one run may take; default: the Sieve library's"),
    time_zone: z
      .string()
      .refine(isTimeZone, "is no IANA time zone; write one like Europe/Paris")
      .default(systemTimeZone)
      .describe("zone of `date` and `currentdate` without :zone (RFC 5260)"),
    address_separator: z.string().length(1).default("+").describe("between user and detail of a local part (RFC 5233)"),
    language: z.enum(["en", "fr"]).default("en").describe("of what is said to owners about their scripts"),
    whole_mail_bytes: z
      .int()
      .min(262_144)
      .max(1_073_741_824)
      .default(67_108_864)
      .describe("a longer mail is not fetched for tests on its body: it is kept, with an error"),
    ask_timeout_ms: z.int().min(100).max(120_000).default(10_000).describe("how long `mailbox` may take to answer"),
    scripts_kept: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(20_000)
      .describe("accounts whose script stays in memory, and compiled programs"),
    recheck_seconds: z
      .int()
      .min(1)
      .max(86_400)
      .default(60)
      .describe("a script in memory is compared with the stored one after so long"),
  })
  .prefault({});
