import { folderPath } from "@tamis/kit";
import { z } from "zod";
import { recipientFields } from "./envelope.ts";
import { listSettings } from "./list-settings.ts";
import { scriptFile } from "./organisation-script.ts";
import { verdictSettings } from "./verdict-settings.ts";

const systemTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat("en", { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

const envelope = z.strictObject({
  from: z
    .literal("return-path")
    .optional()
    .describe("the server writes Return-Path into every mail: without this nobody is answered"),
  to: z
    .enum(recipientFields)
    .optional()
    .describe("the field in which the server writes the recipient; default: the account's address"),
});

const authentication = z.strictObject({
  authserv_ids: z
    .array(z.string().min(1).toLowerCase())
    .min(1)
    .describe("names under which your own servers write Authentication-Results (RFC 8601)"),
  fields: z.int().min(1).max(10).default(1).describe("how many such fields they put on top of each mail"),
});

const reports = z.strictObject({
  action: z
    .enum(["file", "leave", "off"])
    .default("file")
    .describe(
      "`file`: those about what was sent from here go into `folder`; `leave`: they stay; `off`: none is looked at",
    ),
  folder: z.string().min(1).max(255).optional().describe("default: Receipts, in French Accusés"),
});

const organisation = z
  .strictObject({
    before: z.array(scriptFile("a script that runs before the owner's")).max(10).default([]),
    after: z
      .union([z.enum(["default", "none"]), z.array(scriptFile("a script that runs after the owner's")).max(10)])
      .default("default")
      .describe("scripts that run after the owner's; `default` files spam into Junk, where there is a `verdict`"),
    global_scripts: folderPath(
      "a folder of scripts, `<name>.sieve`, that every account may include by `include :global` (RFC 6609)",
    ).optional(),
  })
  .prefault({});

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
    language: z
      .enum(["en", "fr"])
      .default("en")
      .describe("of what is said to owners about their scripts, where their account has no `language`"),
    envelope: envelope.prefault({}).describe("what your server writes down of the envelope"),
    authentication: authentication
      .optional()
      .describe("whose word says that a mail comes from its sender: without it `reject` tells nobody"),
    reports: reports
      .prefault({})
      .describe("reports on what was sent (delivery, disposition, complaints), where there is a section `receipts`"),
    verdict: verdictSettings.optional().describe("what the anti-spam before Tamis writes into each mail"),
    organisation: organisation.describe("scripts for all accounts"),
    lists: listSettings,
    lists_memory_bytes: z
      .int()
      .min(1_048_576)
      .max(4_294_967_296)
      .default(134_217_728)
      .describe("memory for lists; what is used least is read again when it is asked for"),
    redirect_recipients: z
      .int()
      .min(1)
      .max(1000)
      .default(50)
      .describe("addresses that the redirects of one mail may come to, where they go to lists"),
    outgoing_max_age_hours: z
      .int()
      .min(1)
      .max(8_760)
      .default(24)
      .describe("older mail answers nobody, and a redirect of it waits for its owner"),
    submit_timeout_ms: z.int().min(1000).max(120_000).default(10_000).describe("how long `outbox` may take to commit"),
    program_timeout_ms: z
      .int()
      .min(1000)
      .max(900_000)
      .default(30_000)
      .describe("how long a program may wait for its turn and run"),
    whole_mail_bytes: z
      .int()
      .min(262_144)
      .max(1_073_741_824)
      .default(67_108_864)
      .describe("a longer mail is not fetched: its body is not tested, it is not sent on, it is kept with an error"),
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
export type FilterSettings = Readonly<z.output<typeof filterConfig>>;
