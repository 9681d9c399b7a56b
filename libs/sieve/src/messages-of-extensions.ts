import { type Entry, entry } from "./message-entry.ts";

/** Messages of extensions: includes, answers, mailboxes, older dialects. */
export const extensionMessages: Readonly<Record<string, Entry>> = {
  "capability-outdated": entry(
    ["“{name}” is an older dialect; it is read as {capability}", 'write require "{capability}"'],
    ["« {name} » est un ancien dialecte ; il est lu comme {capability}", 'écrivez require "{capability}"'],
  ),
  "only-in-dialect": entry(
    ["{name} belongs to the older dialect “{capability}”", "use what its successor offers, or require the dialect"],
    [
      "{name} appartient à l'ancien dialecte « {capability} »",
      "utilisez ce qu'offre son successeur, ou demandez ce dialecte par require",
    ],
  ),
  "tag-needs-other": entry(
    [":{tag} has no meaning without :{other}", "add :{other}, or remove it"],
    [":{tag} n'a pas de sens sans :{other}", "ajoutez :{other} ou supprimez-le"],
  ),
  "tag-value-unknown": entry(
    [":{tag} cannot be “{value}”", "use one of {allowed}"],
    [":{tag} ne peut pas valoir « {value} »", "utilisez l'un de : {allowed}"],
  ),
  // include
  "include-missing-personal": entry(
    ["there is no script of yours called “{script}”", "create it, correct the name, or write include :optional"],
    ["vous n'avez pas de script nommé « {script} »", "créez-le, corrigez le nom ou écrivez include :optional"],
  ),
  "include-missing-global": entry(
    [
      "there is no global script called “{script}”{there}",
      "correct the name, ask the administrator, or write include :optional",
    ],
    [
      "il n'y a pas de script global nommé « {script} »{there}",
      "corrigez le nom, demandez à l'administrateur ou écrivez include :optional",
    ],
  ),
  "include-unknown": entry(
    [
      "“{script}” was not looked at: whether it can be included is not known here",
      "check the script where its includes are known",
    ],
    [
      "« {script} » n'a pas été examiné : on ignore ici s'il peut être inclus",
      "vérifiez le script là où ses inclusions sont connues",
    ],
  ),
  "include-recursive": entry(
    ["“{script}” would include itself", "include it from one place only, or write include :once"],
    ["« {script} » s'inclurait lui-même", "incluez-le d'un seul endroit ou écrivez include :once"],
  ),
  "include-faulty": entry(
    ["“{script}” has an error at line {line}, column {column}: {reason}", "mend that script first"],
    ["« {script} » a une erreur à la ligne {line}, colonne {column} : {reason}", "corrigez d'abord ce script"],
  ),
  "include-too-deep": entry(
    ["scripts include each other more than {limit} deep", "include them from the main script"],
    ["les scripts s'incluent sur plus de {limit} niveaux", "incluez-les depuis le script principal"],
  ),
  "too-many-includes": entry(
    ["scripts are included more than {limit} times", "put small scripts together into one"],
    ["des scripts sont inclus plus de {limit} fois", "réunissez de petits scripts en un seul"],
  ),
  "includes-too-big": entry(
    ["the included scripts hold more than {limit} characters together", "include fewer or shorter ones"],
    ["les scripts inclus dépassent ensemble {limit} caractères", "incluez-en moins ou de plus courts"],
  ),
  "bad-script-name": entry(
    ["“{script}” cannot be the name of a script", "a name is not empty and holds no slashes or control characters"],
    [
      "« {script} » ne peut pas être un nom de script",
      "un nom n'est pas vide et ne contient ni barre oblique ni caractère de contrôle",
    ],
  ),
  "global-after-use": entry(
    ["{name} was set before it is declared global", "put the global command before the first use of the variable"],
    ["{name} est affectée avant d'être déclarée globale", "placez la commande global avant le premier emploi"],
  ),
  // Answers
  "bad-mailbox-list": entry(
    [
      "“{address}” is not an address with or without a name",
      'write it as name@example.org or "Name <name@example.org>"',
    ],
    [
      "« {address} » n'est pas une adresse, avec ou sans nom",
      "écrivez-la sous la forme nom@example.org ou « Nom <nom@example.org> »",
    ],
  ),
  "period-adjusted": entry(
    [
      "{seconds} seconds is outside what is allowed here; {used} is used",
      "give a period between {least} and {most} seconds",
    ],
    [
      "{seconds} secondes n'est pas permis ici ; {used} sera utilisé",
      "donnez une durée entre {least} et {most} secondes",
    ],
  ),
  "mime-without-header": entry(
    [
      "with :mime the text begins with a MIME header, e.g. Content-Type; this one does not",
      "begin with Content-Type: text/html; charset=utf-8 and an empty line, or remove :mime",
    ],
    [
      "avec :mime le texte commence par un en-tête MIME, par ex. Content-Type ; ce n'est pas le cas",
      "commencez par Content-Type: text/html; charset=utf-8 et une ligne vide, ou supprimez :mime",
    ],
  ),
  "bad-notify-method": entry(
    ["“{method}” is not the URI of a method of notification", "write for example mailto:name@example.org"],
    ["« {method} » n'est pas l'URI d'un moyen de notification", "écrivez par exemple mailto:nom@example.org"],
  ),
  "bad-notify-option": entry(
    ["“{option}” is not an option of a notification", "write it as name=value"],
    ["« {option} » n'est pas une option de notification", "écrivez-la sous la forme nom=valeur"],
  ),
  "notify-method-unknown": entry(
    ["notifications cannot be sent by “{method}”", "only mailto: is known here"],
    ["les notifications ne peuvent pas passer par « {method} »", "seul mailto: est connu ici"],
  ),
  "too-many-notifications": entry(
    ["the script notifies more than {limit} times for one mail", "end rules with stop"],
    ["le script notifie plus de {limit} fois pour un message", "terminez les règles par stop"],
  ),
  "not-in-imap-event": entry(
    [
      "{action} cannot be used when a mail is stored or changed over IMAP",
      'test with environment :is "imap.cause" whether that is the case',
    ],
    [
      "{action} ne peut pas servir quand un message est déposé ou modifié par IMAP",
      'testez avec environment :is "imap.cause" si c\'est le cas',
    ],
  ),
  // Mail and mailboxes
  "header-value-too-long": entry(
    ["the value of the header field {name} is longer than {limit} octets", "write a shorter one"],
    ["la valeur de l'en-tête {name} dépasse {limit} octets", "écrivez-en une plus courte"],
  ),
  "field-cannot-be": entry(
    ["“{name}” cannot be the name of a header field", "a name has no blanks, accents or colons, e.g. X-Tag"],
    ["« {name} » ne peut être un nom d'en-tête", "un nom n'a ni espace, ni accent, ni deux-points, par ex. X-Tag"],
  ),
  "field-protected": entry(
    ["the header field {name} is protected: nothing happens", "leave it as it is"],
    ["l'en-tête {name} est protégé : rien ne se passera", "laissez-le tel quel"],
  ),
  "bad-special-use": entry(
    ["“{attribute}” is not a special-use attribute", "write one of {known}"],
    ["« {attribute} » n'est pas un attribut d'usage spécial", "écrivez l'un de : {known}"],
  ),
  "bad-annotation": entry(
    ["“{entry}” cannot be the name of an annotation", "a name begins with /private/ or /shared/"],
    ["« {entry} » ne peut pas être un nom d'annotation", "un nom commence par /private/ ou /shared/"],
  ),
  "bad-time-of-day": entry(
    ["“{time}” is not a time of day", "write it as 08:00 or 17:30:00"],
    ["« {time} » n'est pas une heure", "écrivez-la sous la forme 08:00 ou 17:30:00"],
  ),
  "bad-weekday": entry(
    ["“{day}” is not a day of the week", "write 0 for Sunday to 6 for Saturday"],
    ["« {day} » n'est pas un jour de la semaine", "écrivez de 0 (dimanche) à 6 (samedi)"],
  ),
  "bad-time-zone": entry(
    ["“{zone}” is not a time zone", "write it as Europe/Paris"],
    ["« {zone} » n'est pas un fuseau horaire", "écrivez-le sous la forme Europe/Paris"],
  ),
};
