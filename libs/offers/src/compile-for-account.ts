import { type Compiled, compile, type Locale } from "@tamis/sieve";
import type { GlobalScripts } from "./global-scripts.ts";
import { includedTexts, type ReadScript } from "./included-texts.ts";
import type { Offer } from "./open-offers.ts";

export interface AccountToCompileFor {
  readonly offer: Pick<Offer, "abilities" | "lists">;
  readonly locale: Locale;
  /** What the script is to be called, where that is known. */
  readonly name?: string;
  /** The account's own scripts, which it may include. */
  readonly read: ReadScript;
  /** Those that everybody may include. */
  readonly globals: Pick<GlobalScripts, "read" | "names">;
  /** Which of these folders there are; `null`: not known now. */
  readonly existing: (folders: readonly string[]) => Promise<readonly string[] | null>;
}

/** Compiles as `filter` will for the account; warns also of folders that are not there. */
export async function compileForAccount(text: string, account: AccountToCompileFor): Promise<Compiled> {
  const { locale, offer, name, read, globals, existing } = account;
  const options = {
    locale,
    abilities: offer.abilities,
    lists: offer.lists,
    scripts: (await includedTexts(text, { read, globals })).source,
    globalScripts: globals.names(),
    ...(name === undefined ? {} : { name: { location: "personal", name } as const }),
  };
  const compiled = compile(text, options);
  if (!compiled.ok || compiled.program.uses.mailboxes.length === 0) return compiled;
  const mailboxes = await existing(compiled.program.uses.mailboxes);
  return mailboxes === null ? compiled : compile(text, { ...options, mailboxes });
}
