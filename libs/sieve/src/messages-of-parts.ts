import { type Entry, entry } from "./message-entry.ts";

/** Messages about parts of the mail, programs and lists. */
export const partMessages: Readonly<Record<string, Entry>> = {
  "outside-loop": entry(
    ["{name} stands outside of every foreverypart", "put it into the block of a foreverypart"],
    ["{name} se trouve hors de tout foreverypart", "placez la commande dans le bloc d'un foreverypart"],
  ),
  "unknown-loop": entry(
    ["no foreverypart around this break is called “{name}”", "give the loop this name: foreverypart :name “{name}”"],
    ["aucun foreverypart autour de ce break ne s'appelle « {name} »", "donnez ce nom à la boucle par :name"],
  ),
  "too-many-loops": entry(
    ["more than {limit} foreverypart stand inside each other", "use the tag :anychild instead of an inner loop"],
    ["plus de {limit} foreverypart sont imbriqués", "utilisez l'option :anychild plutôt qu'une boucle intérieure"],
  ),
  "needs-variables": entry(
    ["{name} needs the extension “variables”", 'add require "variables"; at the beginning of the script'],
    ["{name} demande l'extension « variables »", 'ajoutez require "variables"; au début du script'],
  ),
  "part-not-editable": entry(
    [
      "part {part} is inside a mail that is encoded as a whole, and cannot be changed",
      "leave parts of such mails alone",
    ],
    [
      "la partie {part} se trouve dans un message encodé en bloc et ne peut être modifiée",
      "ne modifiez pas les parties de tels messages",
    ],
  ),
  "no-conversion": entry(
    [
      "{from} is never converted to {to} {parameters} here",
      "text/html and text/plain can be converted, with charset=utf-8, us-ascii or iso-8859-1",
    ],
    [
      "{from} n'est jamais converti ici en {to} {parameters}",
      "text/html et text/plain se convertissent, avec charset=utf-8, us-ascii ou iso-8859-1",
    ],
  ),
  "bad-program-name": entry(
    ["“{program}” cannot be the name of a program", "give the bare name of a program that the operator offers"],
    [
      "« {program} » ne peut pas être un nom de programme",
      "donnez le nom seul d'un programme proposé par l'exploitant",
    ],
  ),
  "no-such-program": entry(
    ["there is no program “{program}”", "ask the operator which ones there are"],
    ["le programme « {program} » n'existe pas", "demandez à l'exploitant lesquels existent"],
  ),
  "bad-program-argument": entry(
    [
      "“{argument}” cannot be an argument of a program",
      "leave out line ends, and make it shorter than 1024 characters",
    ],
    [
      "« {argument} » ne peut pas être un argument de programme",
      "retirez les fins de ligne et restez sous 1024 caractères",
    ],
  ),
  "too-many-program-arguments": entry(
    ["a program takes at most {limit} arguments", "join some of them"],
    ["un programme prend au plus {limit} arguments", "réunissez-en quelques-uns"],
  ),
  "bad-feedback-type": entry(
    ["“{type}” is not a type of feedback", "use abuse, fraud, virus, not-spam or other"],
    ["« {type} » n'est pas un type de signalement", "utilisez abuse, fraud, virus, not-spam ou other"],
  ),
  "match-not-here": entry(
    [":{match} cannot be used with {name}", "use another match type"],
    [":{match} ne peut pas s'employer avec {name}", "utilisez un autre type de comparaison"],
  ),
  "part-has-no-address": entry(
    ["the envelope part “{part}” is no address, so there is no :{tag} of it", "remove :{tag}"],
    ["la partie d'enveloppe « {part} » n'est pas une adresse et n'a donc pas de :{tag}", "supprimez :{tag}"],
  ),
  "envelope-part-needs-require": entry(
    [
      "the envelope part “{part}” needs the extension “{capability}”",
      'add require "{capability}"; at the beginning of the script',
    ],
    [
      "la partie d'enveloppe « {part} » demande l'extension « {capability} »",
      'ajoutez require "{capability}"; au début du script',
    ],
  ),
  "bad-list-name": entry(
    ["“{list}” cannot name a list", "write the name as your operator gives it, e.g. :addrbook:default or tag:…"],
    ["« {list} » ne peut pas nommer une liste", "écrivez-le comme l'exploitant le donne, par ex. :addrbook:default"],
  ),
  "no-such-list": entry(
    ["there is no list “{list}”{there}", "correct the name, or ask with valid_ext_list before using it"],
    [
      "la liste « {list} » n'existe pas{there}",
      "corrigez le nom, ou vérifiez-la par valid_ext_list avant de l'utiliser",
    ],
  ),
  "bad-dsn-notify": entry(
    ["“{value}” does not say when to notify", "write NEVER, or SUCCESS, FAILURE and DELAY separated by commas"],
    ["« {value} » ne dit pas quand notifier", "écrivez NEVER, ou SUCCESS, FAILURE et DELAY séparés par des virgules"],
  ),
  "bad-deliver-time": entry(
    ["“{value}” is not a time to deliver by", "write it as 2024-02-29T22:00:00+01:00"],
    ["« {value} » n'est pas une heure de livraison", "écrivez-la sous la forme 2024-02-29T22:00:00+01:00"],
  ),
};
