import { type Entry, entry } from "./message-entry.ts";

/** Messages about what is legal and surely not meant. */
export const warningMessages: Readonly<Record<string, Entry>> = {
  "never-all": entry(
    ["these tests can never all be true, so what follows is never run", "write anyof, or remove one of them"],
    [
      "ces tests ne peuvent jamais être tous vrais : la suite n'est jamais exécutée",
      "écrivez anyof ou supprimez l'un d'eux",
    ],
  ),
  "always-one": entry(
    ["one of these tests is always true", "write allof, or remove the test"],
    ["l'un de ces tests est toujours vrai", "écrivez allof ou supprimez le test"],
  ),
  "tested-before": entry(
    ["this test stands already on line {line}: here it can never be true", "correct it, or join the two blocks"],
    [
      "ce test se trouve déjà à la ligne {line} : ici il ne peut jamais être vrai",
      "corrigez-le ou réunissez les deux blocs",
    ],
  ),
  "key-not-a-number": entry(
    ["“{key}” is not a number, and is compared as infinite", "write digits only"],
    ["« {key} » n'est pas un nombre et compte comme infini", "n'écrivez que des chiffres"],
  ),
  "key-not-in-date-form": entry(
    ["“{key}” never matches: {part} is not written like that", "see RFC 5260 §4.2: 2024, 02, 09, 2024-02-09, 23:59:00"],
    [
      "« {key} » ne correspond jamais : {part} ne s'écrit pas ainsi",
      "voyez la RFC 5260 §4.2 : 2024, 02, 09, 2024-02-09, 23:59:00",
    ],
  ),
  "count-as-text": entry(
    ["the count is compared as text, where 10 comes before 9", 'add :comparator "i;ascii-numeric"'],
    ["le nombre est comparé comme un texte, où 10 vient avant 9", 'ajoutez :comparator "i;ascii-numeric"'],
  ),
  "mailbox-missing": entry(
    ["there is no folder “{name}”{meant}", "create it, correct the name, or write fileinto :create"],
    ["le dossier « {name} » n'existe pas{meant}", "créez-le, corrigez le nom ou écrivez fileinto :create"],
  ),
};
