import { type Plan, RECEIPT_ASKED } from "@tamis/contracts";
import { z } from "zod";

/** A folder with mail on which receipts are asked, and up to which change it was looked at. Part of the account's record. */
export const askedMark = z.object({
  folder: z.string(),
  /** 0: not looked at yet. */
  uidValidity: z.number(),
  /** The highest mod-sequence that was told of, a decimal number; empty: none. */
  modSeq: z.string().regex(/^\d*$/),
});
export type AskedMark = Readonly<z.infer<typeof askedMark>>;
export type AskedMarks = ReadonlyMap<string, AskedMark>;

/** The marks, with one for this folder. */
export function withMark(marks: AskedMarks, mark: AskedMark): AskedMarks {
  return new Map([...marks, [mark.folder, mark]]);
}

/** The marks without that of this folder. */
export function withoutMark(marks: AskedMarks, folder: string): AskedMarks {
  return new Map([...marks].filter(([name]) => name !== folder));
}

/** Whether the mail is to be found by its keyword where the plan leaves it. */
export function isAskedBy({ destination }: Plan): boolean {
  return destination.kind !== "discard" && destination.addFlags.includes(RECEIPT_ASKED);
}
