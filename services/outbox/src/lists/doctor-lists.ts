import { type Finding, findingOf, type Remark } from "@tamis/kit";
import type { ListsSettings } from "./config.ts";
import { ListFault } from "./list-fault.ts";
import { listTexts } from "./list-texts.ts";
import { openLists } from "./open-lists.ts";

/** What the doctor says of lists of recipients. */
export const listRemarks = {
  lists: { en: "recipients are found in {count} lists", fr: "les destinataires sont trouvés dans {count} listes" },
  broken: {
    en: "recipients cannot be found in lists: {problem}",
    fr: "les destinataires ne peuvent pas être trouvés dans des listes : {problem}",
    mend: { en: "see outbox.lists in tamis.yaml", fr: "voir outbox.lists dans tamis.yaml" },
  },
} as const satisfies Readonly<Record<string, Remark>>;

/** Lists of a kind that are asked for: whether the directory answers is seen from fewer. */
const MOST = 10_000;

/** Whether the folder can be read, and the directory answers. Nothing where no lists are configured. */
export async function listFindings(settings: ListsSettings): Promise<readonly Finding[]> {
  if (settings.folder === undefined && settings.ldap === undefined) return [];
  const id = "outbox.lists";
  try {
    const names = await openLists(settings).names(MOST);
    return [findingOf(id, listRemarks.lists, { count: names.length })];
  } catch (error) {
    if (!(error instanceof ListFault)) throw error;
    const { code, list, detail } = error;
    const fill = (text: string): string => text.replace("{list}", list).replace("{detail}", detail);
    const { en, fr } = listTexts[code];
    return [findingOf(id, listRemarks.broken, { problem: { en: fill(en), fr: fill(fr) } })];
  }
}
