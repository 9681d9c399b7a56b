import { folderPath } from "@tamis/kit";
import { z } from "zod";

const pattern = z.string().min(1).max(200);

const sensitiveRule = z
  .strictObject({
    filename: pattern.optional().describe("name of the file: `*` stands for any characters, `?` for one"),
    type: pattern.optional().describe("media type: `application/*`"),
    sender: pattern.optional().describe("who writes, or whose account it is: `*@infirmerie.example.org`"),
  })
  .refine((rule) => Object.keys(rule).length > 0, "a rule that says nothing")
  .describe("attachments that fit all it says are secret");
export type SensitiveRule = Readonly<z.output<typeof sensitiveRule>>;

/** `outbox.circulars.sensitive`. */
export const sensitiveConfig = z
  .array(sensitiveRule)
  .max(100)
  .readonly()
  .default([])
  .describe("attachments that are secret whatever their sender wishes");

/** `outbox.circulars.secrets`. */
export const secretsConfig = z
  .strictObject({
    archives: z
      .boolean()
      .default(true)
      .describe("an encrypted archive for recipients without a certificate; else they are held"),
    certificates: folderPath("certificates of recipients: PEM or DER, `anna@example.org.pem`").optional(),
    cipher: z
      .enum(["aes-256-gcm", "aes-256-cbc"])
      .default("aes-256-cbc")
      .describe("of S/MIME; GCM, which also authenticates, where all recipients' mail programs know AuthEnvelopedData"),
  })
  .prefault({})
  .describe("how secret attachments leave");
