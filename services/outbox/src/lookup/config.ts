import { isAbsolute } from "node:path";
import { z } from "zod";

/** Stands for the Message-ID in the command. */
export const MESSAGE_ID_MARK = "{message-id}";

/** `outbox.lookup` of `tamis.yaml`. */
export const lookupConfig = z
  .strictObject({
    command: z
      .array(z.string().min(1).max(1000))
      .min(1)
      .max(50)
      .readonly()
      .refine(([program = ""]) => isAbsolute(program), "begins with the absolute path of a program")
      .describe(
        "program and arguments, run without a shell; {message-id} stands for the Message-ID, else it comes last",
      ),
    after_ms: z
      .int()
      .min(10)
      .max(86_400_000)
      .default(900_000)
      .describe("how long after it became unknown, ms: longer than the relay waits for a client"),
    timeout_ms: z.int().min(10).max(600_000).default(10_000).describe("how long the program may take, ms"),
    resend: z.boolean().default(false).describe("what surely did not arrive is sent again"),
  })
  .describe("asks whether mails arrived of which nobody knows");

export type LookupSettings = Readonly<z.output<typeof lookupConfig>>;
