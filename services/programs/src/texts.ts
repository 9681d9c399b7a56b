import type { Remark, Text } from "@tamis/kit";

/** What the doctor of the programs finds. */
export const remarks = {
  folder: { en: "{usable} programs may be run from {folder}", fr: "programmes utilisables dans {folder} : {usable}" },
  unsafe: {
    en: "the program {name} is never run: {why}",
    fr: "le programme {name} n'est jamais lancé : {why}",
    mend: {
      en: "make {folder} and the program belong to root, writable by root alone, and executable",
      fr: "donner {folder} et le programme à root, seul à pouvoir y écrire, et rendre le programme exécutable",
    },
  },
} as const satisfies Readonly<Record<string, Remark>>;

/** Why a program is never run. */
export const unsafeTexts = {
  "folder-is-none": { en: "the folder is no folder", fr: "le dossier n'en est pas un" },
  "no-plain-file": { en: "it is no plain file", fr: "ce n'est pas un fichier ordinaire" },
  "folder-owner": {
    en: "the folder belongs to user {uid}, not {owner}",
    fr: "le dossier appartient à l'utilisateur {uid}, et non à {owner}",
  },
  "file-owner": {
    en: "it belongs to user {uid}, not {owner}",
    fr: "il appartient à l'utilisateur {uid}, et non à {owner}",
  },
  "folder-writable": { en: "others may write the folder", fr: "d'autres peuvent écrire dans le dossier" },
  "file-writable": { en: "others may write it", fr: "d'autres peuvent le modifier" },
  "not-executable": { en: "it is not executable", fr: "il n'est pas exécutable" },
} as const satisfies Readonly<Record<string, Text>>;
