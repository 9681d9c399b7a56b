import type { CircularRecipient } from "@tamis/contracts";
import type { Account, Language } from "@tamis/kit";
import { recipientsIn } from "../circular-draft-of.ts";
import type { ConsoleContext } from "../console-context.ts";
import { filesIn } from "../http/body.ts";
import { listsIn } from "../lists/lists-field.ts";
import { addLists } from "../lists/lists-of.ts";
import { granted } from "../refusal.ts";
import type { Notice } from "./notices.ts";

/** Where a form says that recipients come from. */
export interface Sources {
  readonly lists: readonly string[];
  /** Of a file; null: there is none. */
  readonly recipients: readonly CircularRecipient[] | null;
  /** Its name. */
  readonly source: string | undefined;
}

/** The lists that a form names, and the recipients of its file; a `Problem` that says what is wrong with that. */
export async function sourcesIn(form: FormData, language: Language): Promise<Sources> {
  const [file] = filesIn(form, "csv");
  const octets = file === undefined ? null : new Uint8Array(await file.arrayBuffer());
  return {
    lists: listsIn(form),
    recipients: octets === null ? null : recipientsIn(octets, language),
    source: file?.name,
  };
}

export const hasSource = ({ lists, recipients }: Pick<Sources, "lists" | "recipients">): boolean =>
  lists.length > 0 || recipients !== null;

interface Adding extends Sources {
  /** Of the circular. */
  readonly id: string;
  readonly account: Account;
  readonly language: Language;
}

/** Lists first: they are added as a whole or not at all, and a file that is given again adds only what is missing. */
export async function addSources(
  { id, account, language, lists, recipients, source }: Adding,
  context: Pick<ConsoleContext, "behind" | "listsOf">,
): Promise<Extract<Notice, { readonly added: unknown }>> {
  return {
    lists: lists.length === 0 ? null : await addLists({ account, language, id, lists }, context),
    added:
      recipients === null
        ? null
        : granted(await context.behind.add({ accountId: account.id, id, recipients, source, language })),
  };
}
