import { accountSections, draftsSection, imapsieveSection } from "@tamis/kit";
import { z } from "zod";

const seconds = (meaning: string) => z.number().positive().max(86_400).describe(`${meaning}, seconds`);

const lease = z
  .strictObject({
    ttl_seconds: seconds("how long a lease outlives its last renewal").default(10),
    renew_seconds: seconds("how often a holder renews").default(3),
    poll_seconds: seconds("how often others look for free partitions").default(2),
    margin_seconds: seconds("how long before its end a holder stops acting").default(3),
  })
  .refine((value) => value.margin_seconds + value.renew_seconds < value.ttl_seconds, {
    error: "renew_seconds + margin_seconds must be less than ttl_seconds, or a holder never acts",
  });

const idleMinutes = z
  .number()
  .min(1)
  .max(28)
  .default(9)
  .describe("IDLE is issued again after so many minutes (RFC 2177: before 29)");

/** tamis.yaml, section `mailbox`. */
const mailboxSection = z.strictObject({
  first_contact: z
    .union([z.enum(["end", "all"]), z.iso.date()])
    .default("end")
    .describe("where a mailbox never seen before starts: end (existing mail is left alone), all, or a date"),
  trash: z
    .string()
    .min(1)
    .default("auto")
    .describe("where `discard` goes: auto (the server's \\Trash folder), or a folder's name"),
  snoozed: z
    .string()
    .min(1)
    .refine((name) => name.toUpperCase() !== "INBOX", { error: "mail in INBOX does not sleep" })
    .default("Snoozed")
    .describe("where snoozed mail sleeps if the server marks no folder \\Snoozed"),
  wake_late_seconds: seconds("a snoozed mail that wakes later than so is told of in the log").default(300),
  wake_again_seconds: seconds(
    "what could not be woken, or taken as a draft, is tried again after, then ever later",
  ).default(2),
  idle_minutes: idleMinutes,
  idle_seconds: seconds("instead of idle_minutes").optional(),
  done_timeout_seconds: seconds("an unanswered DONE or a silent command means a dead connection after").default(15),
  silence_seconds: seconds("a command without any byte of answer means a dead connection after").default(60),
  reconcile_minutes: z.number().min(0.01).max(1440).default(10).describe("catch-up by UID without any wake, minutes"),
  second_look_seconds: seconds("one more look for mail, so long after the last that happened").default(30),
  connects_per_second: z.number().positive().max(10_000).default(100).describe("new connections per second and host"),
  connects_at_once: z.int().min(1).max(1_000).default(16).describe("connections being set up at once, per host"),
  keepalive_seconds: seconds("TCP keepalive begins after").default(10),
  backoff_max_seconds: seconds("longest wait before another try to connect").default(300),
  inline_bytes: z
    .int()
    .min(1_024)
    .max(448 * 1024)
    .default(256 * 1024)
    .describe("a longer mail is cut in mail.received"),
  rewrite_bytes: z
    .int()
    .min(1_024)
    .max(60_000_000)
    .default(50 * 1024 * 1024)
    .describe("a longer mail is not rewritten, whatever its script wants changed in it"),
  ask_filter_seconds: z
    .number()
    .min(0)
    .max(60)
    .default(5)
    .describe("new mail waits so long for filter to decide before it waits in the stream; 0: always in the stream"),
  republish_seconds: seconds("published, unsettled for so long and still in INBOX: published again").default(60),
  receipts_seconds: seconds("folders with mail that a receipt is asked for are looked at again after").default(60),
  hold_seconds: seconds("commands wait for a server that is down so long before they are held").default(60),
  auth_failures: z.int().min(1).max(100).default(3).describe("refused sign-ins in a row that park an account"),
  auth_retry_minutes: z
    .number()
    .positive()
    .max(10_080)
    .default(60)
    .describe("a parked account is tried again after, minutes"),
  max_unsettled: z.int().min(64).max(20_000).default(8_192).describe("mails of one account under way at once"),
  lease: lease.prefault({}),
});
export type MailboxConfig = Readonly<z.output<typeof mailboxSection>>;

export const sections = {
  ...accountSections,
  mailbox: mailboxSection.prefault({}),
  drafts: draftsSection,
  // `filter` runs the scripts, perhaps on another machine: their files need not be here.
  imapsieve: imapsieveSection(z.string().min(1)),
};

export const idleMs = (config: MailboxConfig): number =>
  config.idle_seconds === undefined ? config.idle_minutes * 60_000 : config.idle_seconds * 1_000;
