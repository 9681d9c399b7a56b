import { z } from "zod";
import type { Account } from "./account.ts";
import { sendLater } from "./sections.ts";

const folderName = (meaning: string) =>
  z
    .string()
    .min(1)
    .max(1_000)
    .refine((name) => name.toUpperCase() !== "INBOX", { error: "is where mail comes: name another folder" })
    .describe(meaning);

const systemZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

function isZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat("en", { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/** tamis.yaml, section `drafts`: mails that are sent later from the programs in which they are written. Without folders, and with Send Later off, nothing is. */
export const draftsSection = z
  .strictObject({
    folders: z
      .array(folderName("a folder's name"))
      .max(10)
      .default([])
      .describe("folders into which people move a draft that is to be sent later"),
    create: z.boolean().default(false).describe("the first of `folders` is made in accounts that have none of them"),
    send_later: sendLater.default("off"),
    accounts: z
      .union([z.literal("all"), z.array(z.string().min(1).toLowerCase()).min(1)])
      .default("all")
      .describe("addresses of the accounts in which it is done, or `all`"),
    hidden: folderName("where a draft lies until it is sent; nobody subscribes to it").default("Tamis-scheduled"),
    quiet_seconds: z
      .number()
      .min(0)
      .max(86_400)
      .default(60)
      .describe("a draft is left alone until nobody has stored it anew for so long, seconds"),
    poll_seconds: z
      .number()
      .positive()
      .max(86_400)
      .default(60)
      .describe("how often folders are looked at where the server has no NOTIFY (RFC 5465), seconds"),
    marks: z
      .tuple([z.string().trim().min(1).max(10), z.string().trim().min(1).max(10)])
      .default(["[[", "]]"])
      .describe("what stands before and behind a time in a subject"),
    zone: z
      .string()
      .refine(isZone, { error: "not a time zone (IANA), such as Europe/Paris" })
      .default(systemZone)
      .describe("whose wall times are meant; that of the machine where none is given"),
    grace_minutes: z
      .number()
      .min(0)
      .max(10_080)
      .default(15)
      .describe("a time that is over for longer than this is refused, minutes"),
  })
  .prefault({});

export type DraftsSettings = Readonly<z.output<typeof draftsSection>>;

/** What is taken in an account: from which folders, and whether from Drafts by Send Later's fields; null: nothing. */
export interface DraftsWanted {
  readonly folders: readonly string[];
  readonly isHandedOver: boolean;
}

/** What an account's drafts are taken by. One that is only observed keeps all of them. */
export function draftsWanted(
  settings: DraftsSettings,
  account: Pick<Account, "address" | "mode" | "sendLater">,
): DraftsWanted | null {
  const { accounts, folders, send_later: byDefault } = settings;
  const isMeant = accounts === "all" || accounts.includes(account.address.toLowerCase());
  const isHandedOver = isMeant && (account.sendLater ?? byDefault) === "handed-over";
  if (account.mode === "observe" || !isMeant || (folders.length === 0 && !isHandedOver)) return null;
  return { folders, isHandedOver };
}
