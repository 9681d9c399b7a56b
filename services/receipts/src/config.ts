import { z } from "zod";

const sight = z.enum(["details", "counts", "nothing"]);

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
    sweep_minutes: z.number().min(0.01).max(1440).default(60).describe("how often what is old is dropped"),
  })
  .describe("what becomes of mails that were sent: delivered, failed, read");

export type ReceiptsConfig = Readonly<z.output<typeof receiptsConfig>>;
