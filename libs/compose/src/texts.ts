import type { Fault, FaultCode, FaultPlace } from "./fault.ts";
import type { RecipientFault } from "./render-mail.ts";

/** A language that people are spoken to in. */
export type Language = "en" | "fr";

type Text = Readonly<Record<Language, string>>;

const faults: Readonly<Record<FaultCode, Text>> = {
  "no-text": {
    en: "there is no text: give text, HTML or Markdown",
    fr: "il n'y a pas de texte : donner du texte, du HTML ou du Markdown",
  },
  "html-and-markdown": { en: "give HTML or Markdown, not both", fr: "donner du HTML ou du Markdown, pas les deux" },
  "too-long": { en: "longer than {limit} characters", fr: "plus long que {limit} caractères" },
  "bad-address": { en: "{written} is no mail address", fr: "{written} n'est pas une adresse" },
  "bad-field": {
    en: 'a field is written {{name}} or {{name|"default"}}, and two braces that are none \\{{; here is {{{written}',
    fr: "un champ s'écrit {{nom}} ou {{nom|\"valeur par défaut\"}}, et deux accolades qui n'en sont pas un \\{{ ; ici : {{{written}",
  },
  "unknown-field": {
    en: "there is no field {field}; there are: {fields}",
    fr: "il n'y a pas de champ {field} ; il y a : {fields}",
  },
  "field-in-markup": {
    en: "{field} stands inside a tag, or in an attribute without quotes: put it into the text, or into quotes",
    fr: "{field} est à l'intérieur d'une balise, ou dans un attribut sans guillemets : le mettre dans le texte, ou entre guillemets",
  },
  "field-in-script": {
    en: "{field} stands in a script, a style or the like, where it could change what the mail does",
    fr: "{field} est dans un script, un style ou semblable, où il pourrait changer ce que fait le courriel",
  },
  "field-in-host": {
    en: "{field} would choose the server that a link leads to: write the server out, or let the field hold the whole address",
    fr: "{field} choisirait le serveur où mène un lien : écrire le serveur en toutes lettres, ou mettre l'adresse entière dans le champ",
  },
  "too-many-fields": { en: "more than {limit} fields", fr: "plus de {limit} champs" },
  "bad-filename": { en: "{written} is no name for an attachment", fr: "{written} n'est pas un nom de pièce jointe" },
  "bad-type": { en: "{filename}: {written} is no media type", fr: "{filename} : {written} n'est pas un type de média" },
  "too-many-attachments": { en: "more than {limit} attachments", fr: "plus de {limit} pièces jointes" },
  "attachments-too-large": {
    en: "the attachments have {size} octets, {limit} are allowed",
    fr: "les pièces jointes font {size} octets, {limit} sont permis",
  },
  "bad-list-id": {
    en: "{written} is no list: staff.example.org, or Staff <staff.example.org>",
    fr: "{written} n'est pas une liste : personnels.example.org, ou Personnels <personnels.example.org>",
  },
  "bad-unsubscribe": {
    en: "{written} is no way to unsubscribe: an address of the web (https://) or of mail with {token} in it, once",
    fr: "{written} ne permet pas de se désabonner : il faut une adresse web (https://) ou de courriel qui contient {token}, une fois",
  },
  "bad-header": {
    en: "the header field {written} cannot be given: its name is wrong or reserved, or its text too long",
    fr: "le champ d'en-tête {written} ne peut pas être donné : son nom est faux ou réservé, ou son texte trop long",
  },
  "too-many-headers": { en: "more than {limit} header fields", fr: "plus de {limit} champs d'en-tête" },
};

const places: Readonly<Record<FaultPlace, Text>> = {
  from: { en: "sender", fr: "expéditeur" },
  "reply-to": { en: "reply address", fr: "adresse de réponse" },
  subject: { en: "subject", fr: "objet" },
  text: { en: "text", fr: "texte" },
  html: { en: "HTML", fr: "HTML" },
  markdown: { en: "Markdown", fr: "Markdown" },
  attachments: { en: "attachments", fr: "pièces jointes" },
  "list-id": { en: "list", fr: "liste" },
  unsubscribe: { en: "unsubscribing", fr: "désabonnement" },
  headers: { en: "header fields", fr: "champs d'en-tête" },
};

const recipientFaults: Readonly<Record<RecipientFault["code"], Text>> = {
  "bad-address": { en: "this is no mail address", fr: "ce n'est pas une adresse" },
  "missing-field": {
    en: 'nothing is given for {field}, and it has no default ({{{field}|"…"}})',
    fr: "rien n'est donné pour {field}, qui n'a pas de valeur par défaut ({{{field}|\"…\"}})",
  },
  "field-too-long": { en: "what is given for {field} is too long", fr: "ce qui est donné pour {field} est trop long" },
};

const colon: Text = { en: ": ", fr: " : " };

/** One sentence: where, and what. */
export function renderFault({ code, place, line, column, parameters }: Fault, language: Language): string {
  const where = line === 0 ? places[place][language] : `${places[place][language]} ${line}:${column}`;
  return `${where}${colon[language]}${filled(faults[code][language], parameters)}`;
}

/** One sentence, without the recipient. */
export function renderRecipientFault(fault: RecipientFault, language: Language): string {
  return filled(recipientFaults[fault.code][language], "field" in fault ? { field: fault.field } : {});
}

/** Names in single braces that are given; all others stay. */
function filled(text: string, parameters: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(parameters, name) ? (parameters[name] ?? "") : whole,
  );
}
