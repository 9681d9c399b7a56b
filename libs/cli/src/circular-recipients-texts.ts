import type { Text } from "@tamis/kit";

/** What is said of recipients from lists, of those who want no circulars, and of what a circular will be. */
export const circularRecipientsTexts = {
  "circular.add.about": { en: "add recipients to a draft", fr: "ajoute des destinataires à un brouillon" },
  "circular.lists.about": { en: "the lists that --to can name", fr: "les listes que --to peut nommer" },
  "circular.suppress.about": {
    en: "send no circular to these addresses any more",
    fr: "n'envoie plus de circulaires à ces adresses",
  },
  "circular.unsuppress.about": { en: "send them circulars again", fr: "leur envoie de nouveau des circulaires" },
  "circular.suppressed.about": {
    en: "the addresses that get no circulars, as CSV",
    fr: "les adresses qui ne reçoivent pas de circulaires, en CSV",
  },
  "circular.opt.list": {
    en: "a list: list:NAME of the folder, KIND:NAME of the directory (repeatable)",
    fr: "une liste : list:NOM du dossier, GENRE:NOM de l'annuaire (répétable)",
  },
  "circular.opt.kind": { en: "only lists of this kind", fr: "seulement les listes de ce genre" },
  "circular.opt.dry-run": {
    en: "say what would leave, and keep nothing",
    fr: "dit ce qui partirait, et ne garde rien",
  },
  "circular.opt.every": {
    en: 'again and again: "first Monday 8:00", "lundi et jeudi 8h", or as Send Later writes it, "weekly / 2", with --at',
    fr: 'à répétition : "premier lundi 8h", "lundi et jeudi 8h", ou comme l\'écrit Send Later, "weekly / 2", avec --at',
  },
  "circular.opt.times": { en: "so many times in all", fr: "tant de fois en tout" },
  "circular.opt.until": { en: "not after this day: 2027-06-30", fr: "pas après ce jour : 2027-06-30" },
  "circular.opt.office-hours": {
    en: 'only in these hours: "Mon-Fri 8:00-18:00"',
    fr: 'seulement à ces heures : "lun-ven 8h-18h"',
  },
  "circular.opt.any-hour": {
    en: "at any hour, whatever the installation's office hours are",
    fr: "à toute heure, quelles que soient les heures de bureau de l'installation",
  },
  "circular.opt.addresses": {
    en: "a file of addresses, one a line, or CSV",
    fr: "un fichier d'adresses, une par ligne, ou un CSV",
  },
  "circular.address": { en: "an address", fr: "une adresse" },
  "circular.no-recipients": {
    en: "say to whom: --recipients agents.csv, or --to list:NAME",
    fr: "dire à qui : --recipients agents.csv, ou --to list:NOM",
  },
  "circular.no-addresses": { en: "give addresses, or --file", fr: "donner des adresses, ou --file" },
  "circular.addresses.unreadable": {
    en: "{file} has no addresses: one a line, or CSV with a column called address",
    fr: "{file} ne contient pas d'adresses : une par ligne, ou un CSV avec une colonne adresse",
  },
  "circular.bad-address": { en: "{address} is no address", fr: "{address} n'est pas une adresse" },
  "circular.suppress.done": {
    en: "{count} addresses get no circulars from now on",
    fr: "{count} adresses ne reçoivent plus de circulaires désormais",
  },
  "circular.unsuppress.done": {
    en: "{count} addresses get circulars again",
    fr: "{count} adresses reçoivent de nouveau des circulaires",
  },
  "circular.part": {
    en: "not all was added: circular {id} has {count} recipients now, and the same command adds what is missing",
    fr: "tout n'a pas été ajouté : la circulaire {id} a maintenant {count} destinataires, et la même commande ajoute ce qui manque",
  },
  "circular.lists.none": { en: "no list", fr: "aucune liste" },
  "circular.lists.more": {
    en: "there are more: name a kind with --kind",
    fr: "il y en a d'autres : préciser un genre avec --kind",
  },
  "circular.source": {
    en: "{source}: {added} added of {found}",
    fr: "{source} : {added} ajoutés sur {found}",
  },
  "circular.source.doubles": { en: "{count} were there before", fr: "{count} déjà présents" },
  "circular.source.invalid": { en: "{count} are no addresses", fr: "{count} ne sont pas des adresses" },
  "circular.source.incomplete": { en: "{count} lack a field", fr: "{count} sans l'un des champs" },
  "circular.source.nested": { en: "{lists} lists, {depth} deep", fr: "{lists} listes sur {depth} niveaux" },
  "circular.note.cycle": {
    en: "  a list holds itself, and was read once: {path}",
    fr: "  une liste se contient elle-même, et a été lue une fois : {path}",
  },
  "circular.note.gone": {
    en: "  {count} members are not in the directory any more",
    fr: "  {count} membres ne sont plus dans l'annuaire",
  },
  "circular.note.no-address": { en: "  {count} entries have no address", fr: "  {count} entrées sont sans adresse" },
  "circular.left-out.address": { en: "  no address: {address}", fr: "  pas une adresse : {address}" },
  "circular.left-out.fields": { en: "  nothing for {missing}: {address}", fr: "  rien pour {missing} : {address}" },
  "circular.outlook": {
    en: "{count} mails of {size}: {total} in all",
    fr: "{count} courriels de {size} : {total} en tout",
  },
  "circular.outlook.suppressed": {
    en: "{count} more want no circulars, and get none",
    fr: "{count} autres ne veulent pas de circulaires, et n'en reçoivent pas",
  },
  "circular.outlook.more": { en: "{count} other domains", fr: "{count} autres domaines" },
  "circular.dry": {
    en: "dry run: nothing was kept, nothing leaves",
    fr: "à blanc : rien n'a été gardé, rien ne part",
  },
  "circular.moved": {
    en: "{time} lies outside office hours: it leaves when they begin",
    fr: "{time} est hors des heures de bureau : le départ a lieu à leur début",
  },
  "circular.hours.waits": {
    en: "it waits for office hours, which begin {time}",
    fr: "elle attend les heures de bureau, qui commencent le {time}",
  },
  "circular.when-every": { en: "--times and --until go with --every", fr: "--times et --until vont avec --every" },
  "circular.recurs": { en: "recurs: {rule}", fr: "se répète : {rule}" },
  "circular.recurs.left": { en: "recurs: {rule}, {left} more", fr: "se répète : {rule}, encore {left} fois" },
} as const satisfies Readonly<Record<string, Text>>;
