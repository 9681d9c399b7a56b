import { filePath, secret } from "@tamis/kit";
import { z } from "zod";
import type { RedirectFrom } from "./admit.ts";
import { circularsConfig } from "./circulars/config.ts";
import { listsConfig } from "./lists/config.ts";
import { lookupConfig } from "./lookup/config.ts";
import { toPath } from "./smtp/address.ts";
import { submissionConfig } from "./submission/config.ts";
import { trackingConfig } from "./tracking/config.ts";

const ms = (least: number, most: number, by: number, meaning: string) =>
  z.int().min(least).max(most).default(by).describe(`${meaning}, ms`);

const isLoopback = (host: string): boolean => /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host);

const relay = z
  .strictObject({
    host: z
      .string()
      .regex(/^[A-Za-z0-9.:_-]{1,253}$/, "not a host name or address")
      .describe("the SMTP server that takes what leaves"),
    port: z.int().min(1).max(65_535).optional().describe("its port; 587, with implicit TLS 465, without TLS 25"),
    tls: z.enum(["starttls", "implicit", "none"]).default("starttls").describe("how TLS begins; none on loopback only"),
    ca_file: filePath("certificates that are trusted beside the system's (PEM)").optional(),
    user: z.string().min(1).optional().describe("who signs in there"),
    password: secret("the password at the relay").optional(),
    name: z
      .string()
      .regex(/^[A-Za-z0-9.[\]:-]{1,253}$/, "not a host name")
      .optional()
      .describe("the name that EHLO says; the machine's own where none is given"),
    connections: z.int().min(1).max(100).default(5).describe("connections of each process at once"),
    mails_per_connection: z.int().min(1).max(10_000).default(100).describe("mails sent over one connection"),
    mails_per_minute: z.int().min(1).max(1_000_000).optional().describe("mails in a minute, at most, of all processes"),
    idle_ms: ms(0, 300_000, 10_000, "how long a connection without work stays open"),
    connect_ms: ms(100, 300_000, 30_000, "how long connecting may take"),
    command_ms: ms(100, 900_000, 300_000, "how long an answer to a command may take"),
    data_ms: ms(100, 3_600_000, 600_000, "how long a piece of a mail may take to leave, and the answer to it all"),
  })
  .superRefine(({ user, password, tls, host }, context) => {
    const fault = (path: string, message: string, mend: string): void =>
      context.addIssue({ code: "custom", path: [path], message, params: { mend } });
    if ((user === undefined) !== (password === undefined))
      fault(user === undefined ? "user" : "password", "missing", "`user` and `password` go together");
    if (tls === "none" && !isLoopback(host))
      fault("tls", "no mail leaves this machine without TLS", "write `tls: starttls` or `tls: implicit`");
  })
  .transform((given) => ({
    ...given,
    port: given.port ?? { implicit: 465, starttls: 587, none: 25 }[given.tls],
  }))
  .describe("the relay");

const redirectFrom = z
  .string()
  .refine(
    (text) => text === "owner" || text === "sender" || toPath(text) !== null,
    "not `owner`, `sender` or an address",
  )
  // Proof: the check above.
  .transform((text) => text as RedirectFrom)
  .prefault("owner")
  .describe("MAIL FROM of redirected mail: owner, sender, or an address");

const limit = (perAccountHour: number, perTargetDay: number, meaning: string) =>
  z
    .strictObject({
      per_account_hour: z.int().min(0).max(1_000_000).default(perAccountHour).describe("of one account in an hour"),
      per_target_day: z.int().min(0).max(1_000_000).default(perTargetDay).describe("to one address in a day"),
    })
    .prefault({})
    .describe(meaning);

/** Their names are two letters, and all of them are looked through. */
const MAX_KEYS = 150;

const hours = (by: number, meaning: string) => z.number().min(0.01).max(720).default(by).describe(meaning);

/** The section `outbox` of `tamis.yaml`. */
export const outboxConfig = z
  .strictObject({
    relay,
    language: z
      .enum(["en", "fr"])
      .default("en")
      .describe("of what operators are told, and owners whose account has no `language`"),
    redirect_from: redirectFrom,
    key: secret("what redirect marks are signed with, the same for all instances").optional(),
    max_received: z.int().min(1).max(1000).default(100).describe("Received fields after which nothing is redirected"),
    max_redirects: z
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe("redirects of this installation that a mail may have seen"),
    max_bytes: z.int().min(1024).max(1_073_741_824).default(52_428_800).describe("octets of one mail"),
    limits: z
      .strictObject({
        reject: limit(50, 5, "rejects; `per_target_day` counts those of all accounts"),
        vacation: limit(100, 5, "vacation replies"),
        notify: limit(60, 200, "notifications"),
        report: limit(60, 200, "reports"),
        submission: limit(300, 200, "mails that people submit"),
      })
      .prefault({})
      .describe("how much may leave"),
    expire_hours: z
      .strictObject({
        redirect: hours(72, "redirects"),
        reject: hours(72, "rejects"),
        vacation: hours(24, "vacation replies"),
        notify: hours(24, "notifications"),
        report: hours(24, "reports"),
        submission: hours(72, "mails that people submit, from when they may leave"),
      })
      .prefault({})
      .describe("how long a sending is tried, in hours"),
    retry: z
      .strictObject({
        first_ms: ms(10, 86_400_000, 60_000, "pause after the first deferral"),
        max_ms: ms(10, 86_400_000, 3_600_000, "longest pause"),
      })
      .prefault({})
      .describe("when what was deferred is tried again"),
    grace_minutes: z
      .number()
      .min(0.01)
      .max(1440)
      .default(15)
      .describe("how late what has a time (circulars, held mail, drafts) may begin without a word; later it is held"),
    late_hours: hours(72, "what should have been tried so long ago is held: the tables may be restored ones"),
    keep_bodies_days: z.number().min(0.01).max(3650).default(7).describe("how long mails stay after the last word"),
    keep_days: z.number().min(0.01).max(3650).default(90).describe("how long the rest stays"),
    tokens: z
      .strictObject({
        use_days: z.number().min(1).max(3650).default(90).describe("after which tokens are made with another key"),
        accept_days: z.number().min(1).max(3650).default(400).describe("how long a key is kept after that"),
      })
      .refine(({ use_days: use, accept_days: accept }) => accept / use <= MAX_KEYS, {
        path: ["use_days"],
        message: `with it more than ${MAX_KEYS} keys would be kept at once`,
        params: { mend: "let keys be used for longer, or be accepted for less long" },
      })
      .prefault({})
      .describe("the keys of the tokens by which reports are matched to what was sent"),
    receipts: trackingConfig.optional(),
    submission: submissionConfig.optional(),
    circulars: circularsConfig,
    lists: listsConfig,
    lookup: lookupConfig.optional(),
    lease_ms: ms(500, 600_000, 60_000, "after which another instance takes over from one that is gone"),
    sweep_ms: ms(50, 600_000, 5_000, "how often leases, expiry and lateness are looked at"),
  })
  .refine(({ tokens, circulars }) => (circulars.attachments?.expire_days ?? 0) < tokens.accept_days, {
    path: ["circulars", "attachments", "expire_days"],
    message: "links would outlive the keys that they are signed with",
    params: { mend: "let them work for fewer days than `tokens.accept_days`" },
  })
  .describe("what leaves by SMTP");

export type OutboxConfig = Readonly<z.output<typeof outboxConfig>>;
