import { type Compiled, compile, type Locale } from "@tamis/sieve";
import type { Offer } from "./open-offers.ts";

export interface AccountToCompileFor {
  readonly offer: Pick<Offer, "abilities">;
  readonly locale: Locale;
  /** Which of these folders there are; `null`: not known now. */
  readonly existing: (folders: readonly string[]) => Promise<readonly string[] | null>;
}

/** Compiles as `filter` will for the account; warns also of folders that are not there. */
export async function compileForAccount(text: string, account: AccountToCompileFor): Promise<Compiled> {
  const { locale, offer, existing } = account;
  const options = { locale, abilities: offer.abilities };
  const compiled = compile(text, options);
  if (!compiled.ok || compiled.program.uses.mailboxes.length === 0) return compiled;
  const mailboxes = await existing(compiled.program.uses.mailboxes);
  return mailboxes === null ? compiled : compile(text, { ...options, mailboxes });
}
