import { z } from "zod";

/** The name of a folder, or a special use with its backslash (RFC 6154): folders are called differently from account to account. */
const watchedName = z
  .string()
  .min(1)
  .max(1_000)
  .refine((name) => name.toUpperCase() !== "INBOX", {
    error: "is where mail comes, and its scripts are the owner's and the organisation's: name another folder",
  });

/**
 * tamis.yaml, section `imapsieve`: folders whose mail scripts are run on when somebody stores or changes it over IMAP (RFC 6785).
 * `script`: how the path of a script is read. None is watched by default.
 */
export function imapsieveSection<S extends z.ZodType<string, unknown>>(script: S) {
  const folder = z
    .strictObject({
      folder: watchedName.describe("a folder's name, or a special use: `\\Junk` (RFC 6154)"),
      causes: z
        .array(z.enum(["APPEND", "COPY", "FLAG"]))
        .min(1)
        .default(["APPEND", "COPY"])
        .describe("what the script is run after (RFC 6785 §4.3); FLAG needs a server with CONDSTORE"),
      script: script.optional().describe("the organisation's script for it"),
      owner_script: z.string().min(1).optional().describe("the name of a script that each owner may have stored"),
      metadata: z
        .literal(true)
        .optional()
        .describe("the owner's script that /shared/imapsieve/script names (RFC 6785 §2.3.1)"),
      accounts: z
        .union([z.literal("all"), z.array(z.string().min(1).toLowerCase()).min(1)])
        .default("all")
        .describe("addresses of the accounts in which it is watched, or `all`"),
    })
    .superRefine((entry, context) => {
      const given = [entry.script, entry.owner_script, entry.metadata].filter((value) => value !== undefined);
      if (given.length === 1) return;
      const mend = "write one of `script: FILE`, `owner_script: NAME` and `metadata: true`";
      context.addIssue({
        code: "custom",
        message: "one script is run for a folder (RFC 6785 §2.3.1)",
        params: { mend },
      });
    });
  return z
    .strictObject({
      poll_seconds: z
        .number()
        .positive()
        .max(86_400)
        .default(60)
        .describe("how often folders are looked at where the server has no NOTIFY (RFC 5465), seconds"),
      folders: z.array(folder).max(50).default([]).describe("the folders that are watched"),
    })
    .prefault({});
}

type Section = ReturnType<typeof imapsieveSection<z.ZodType<string, unknown>>>;
export type ImapsieveSettings = Readonly<z.output<Section>>;
export type WatchedFolder = Readonly<ImapsieveSettings["folders"][number]>;

/** The folders that are watched in an account, each once: of several entries for one the first that is for it counts. */
export function foldersWatched(settings: ImapsieveSettings, address: string): readonly WatchedFolder[] {
  const wanted = settings.folders.filter(
    ({ accounts }) => accounts === "all" || accounts.includes(address.toLowerCase()),
  );
  return [...new Map(wanted.toReversed().map((entry) => [entry.folder, entry])).values()].toReversed();
}
