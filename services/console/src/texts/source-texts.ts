import type { Text } from "@tamis/kit";

/** What pages say of where recipients come from, and of what will leave. */
export const sourceTexts = {
  lists: { en: "Lists", fr: "Listes" },
  list: { en: "A list", fr: "Une liste" },
  "list-hint": {
    en: "Type the beginning of its name, and choose. Others may be added afterwards.",
    fr: "Taper le début de son nom, et choisir. D'autres peuvent être ajoutées ensuite.",
  },
  "lists-away": {
    en: "Lists cannot be read just now: load the page again in a moment, or use a file.",
    fr: "Les listes sont illisibles pour l'instant : rechargez la page dans un moment, ou prenez un fichier.",
  },
  source: { en: "{source}: {added} added of {found}", fr: "{source} : {added} ajoutés sur {found}" },
  "source.doubles": { en: "{count} were there before", fr: "{count} déjà présents" },
  "source.invalid": { en: "{count} are no addresses", fr: "{count} ne sont pas des adresses" },
  "source.incomplete": { en: "{count} lack a field", fr: "{count} sans l'un des champs" },
  "source.nested": { en: "{lists} lists, {depth} deep", fr: "{lists} listes sur {depth} niveaux" },
  "source.cycle": {
    en: "a list holds itself, and was read once: {path}",
    fr: "une liste se contient elle-même, et a été lue une fois : {path}",
  },
  "source.gone": {
    en: "{count} members are not in the directory any more",
    fr: "{count} membres ne sont plus dans l'annuaire",
  },
  "source.no-address": { en: "{count} entries have no address", fr: "{count} entrées sont sans adresse" },
  "left-out.address": { en: "{source}: no address: {address}", fr: "{source} : pas une adresse : {address}" },
  "left-out.fields": {
    en: "{source}: nothing for {missing}: {address}",
    fr: "{source} : rien pour {missing} : {address}",
  },
  "to-whom": { en: "To whom", fr: "À qui" },
  "to-whom-hint": {
    en: "May be left for later. Who is there twice gets one mail.",
    fr: "Peut être laissé pour plus tard. Qui s'y trouve deux fois reçoit un seul courriel.",
  },
  "no-source": {
    en: "Choose a list or a file of recipients.",
    fr: "Choisir une liste, ou un fichier de destinataires.",
  },
  outlook: { en: "What will leave", fr: "Ce qui partira" },
  "outlook.mails": {
    en: "{count} mails of {size}: {total} in all",
    fr: "{count} courriels de {size} : {total} en tout",
  },
  "outlook.suppressed": {
    en: "{count} more want no circulars, and get none",
    fr: "{count} autres ne veulent pas de circulaires, et n'en reçoivent pas",
  },
  "outlook.domain": { en: "{count} to {domain}", fr: "{count} vers {domain}" },
  "outlook.domains": { en: "{count} other domains", fr: "{count} autres domaines" },
  csv: { en: "List of recipients (CSV)", fr: "Liste des destinataires (CSV)" },
  "csv-hint": {
    en: "A header row; a column address, email or courriel; UTF-8. The other columns are fields.",
    fr: "Une ligne de titres ; une colonne adresse, email ou courriel ; UTF-8. Les autres colonnes sont des champs.",
  },
  "fault.invalid": { en: "Line {line}: no address", fr: "Ligne {line} : ce n'est pas une adresse" },
  "fault.double": { en: "Line {line}: an address that was there before", fr: "Ligne {line} : une adresse déjà vue" },
  "fault.fields": { en: "Line {line}: nothing for {missing}", fr: "Ligne {line} : rien pour {missing}" },
  faults: { en: "Lines left out: {count}", fr: "Lignes laissées de côté : {count}" },
  added: { en: "Recipients added: {count}", fr: "Destinataires ajoutés : {count}" },
  suppressed: {
    en: "Of them, who want no circulars and get none: {count}",
    fr: "Parmi eux, qui n'en veulent pas et n'en reçoivent pas : {count}",
  },
  "csv.not-utf8": {
    en: "The list is not UTF-8: save it as CSV UTF-8.",
    fr: "La liste n'est pas en UTF-8 : l'enregistrer en CSV UTF-8.",
  },
  "csv.not-csv": { en: "The list, line {line}: {problem}", fr: "La liste, ligne {line} : {problem}" },
  "csv.too-long": {
    en: "The list, line {line}: a cell is longer than 10,000 characters.",
    fr: "La liste, ligne {line} : une cellule dépasse 10 000 caractères.",
  },
  "csv.too-many": {
    en: "The list is too long: at most {lines} lines, and {width} columns. Use several files.",
    fr: "La liste est trop longue : au plus {lines} lignes et {width} colonnes. Prenez plusieurs fichiers.",
  },
  "csv.no-column": {
    en: "The list has no column of addresses ({columns}): call one address, email or courriel.",
    fr: "La liste n'a pas de colonne d'adresses ({columns}) : en nommer une adresse, email ou courriel.",
  },
  "csv.column-twice": { en: "The list has two columns {column}.", fr: "La liste a deux colonnes {column}." },
} as const satisfies Readonly<Record<string, Text>>;
