import { isAbsolute } from "node:path";
import { z } from "zod";
import { toPath } from "../smtp/address.ts";

/** Stands for the Message-ID in the command. */
export const MESSAGE_ID_MARK = "{message-id}";

const command = z
  .array(z.string().min(1).max(1000))
  .min(1)
  .max(50)
  .readonly()
  .refine(([program = ""]) => isAbsolute(program), "begins with the absolute path of a program")
  .describe("program and arguments, run without a shell; {message-id} stands for the Message-ID, else it comes last");

const mailbox = z
  .strictObject({
    address: z
      .string()
      .refine((text) => toPath(text) !== null, "not an address")
      .describe("an account of `accounts` that gets a copy of everything the relay takes, as it is"),
    folder: z.string().min(1).max(500).default("INBOX").describe("where the copies lie"),
    give_up_hours: z
      .number()
      .min(0.001)
      .max(720)
      .default(24)
      .describe("for how long a copy is looked for; without one it stays unknown, and is never sent again by itself"),
  })
  .describe("a mailbox that is searched for a copy");

/** `outbox.lookup` of `tamis.yaml`. */
export const lookupConfig = z
  .strictObject({
    mailbox: mailbox.optional(),
    command: command.optional(),
    after_ms: z
      .int()
      .min(10)
      .max(86_400_000)
      .default(900_000)
      .describe("how long after it became unknown, ms: longer than the relay waits for a client"),
    timeout_ms: z
      .int()
      .min(10)
      .max(600_000)
      .default(10_000)
      .describe("how long the program, or the search, may take, ms"),
    resend: z.boolean().default(false).describe("what the program says did not arrive is sent again"),
  })
  .superRefine((given, context) => {
    const fault = (path: string, message: string, mend: string): void =>
      context.addIssue({ code: "custom", path: [path], message, params: { mend } });
    if (given.mailbox === undefined && given.command === undefined)
      fault("command", "missing", "name a program, or a `mailbox`, or both");
    // That a copy was not found does not say that the mail did not arrive.
    if (given.resend && given.command === undefined)
      fault("resend", "only a program can say that a mail did not arrive", "name a `command`, or leave `resend` out");
  })
  .describe("asks whether mails arrived of which nobody knows");

export type LookupSettings = Readonly<z.output<typeof lookupConfig>>;
export type JournalSettings = NonNullable<LookupSettings["mailbox"]>;
