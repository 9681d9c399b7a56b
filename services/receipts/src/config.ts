import { receiptPolicy } from "@tamis/contracts";
import { z } from "zod";

const sight = z.enum(["details", "counts", "nothing"]);

const domain = z
  .string()
  .toLowerCase()
  .regex(/^[^\s@]+$/, "is no domain; write one like example.org");

const answers = z.strictObject({
  policy: receiptPolicy
    .default("ask")
    .describe("of accounts that say nothing else: `never`, `ask`, `inside` (ask, but for the organisation), `always`"),
  inside: z.array(domain).max(1000).default([]).describe("domains of the organisation, beside each account's own"),
  open_days: z.number().min(1).max(365).default(30).describe("how long it matters whether a mail is read"),
  language: z.enum(["en", "fr"]).default("en").describe("of the receipts of accounts without a `language`"),
  again_seconds: z
    .number()
    .min(0.1)
    .max(3600)
    .default(5)
    .describe("how often what is due is looked for; beyond 10 it is every 10 s"),
});

/** The section `receipts` of `tamis.yaml`: where it is absent nobody looks for reports. */
export const receiptsConfig = z
  .strictObject({
    keep_days: z
      .number()
      .min(1)
      .max(3650)
      .default(365)
      .describe("how long is known what became of a mail, after it was sent"),
    see: z
      .strictObject({
        owner: sight.default("details").describe("what the sender may see: each recipient, counts alone, or nothing"),
        operator: sight.default("details").describe("what an operator may see of the mail of others"),
      })
      .prefault({})
      .describe("who may see what became of mails"),
    answers: answers
      .prefault({})
      .describe("receipts that others ask for, of accounts with `answers_receipts: tamis`; needs `outbox`"),
    sweep_minutes: z.number().min(0.01).max(1440).default(60).describe("how often what is old is dropped"),
  })
  .describe("what becomes of mails that were sent: delivered, failed, read");

export type ReceiptsConfig = Readonly<z.output<typeof receiptsConfig>>;
