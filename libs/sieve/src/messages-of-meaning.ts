import { type Entry, entry } from "./message-entry.ts";

/** Messages about structure, arguments and extensions, and those of a run. */
export const meaningMessages: Readonly<Record<string, Entry>> = {
  // Structure
  "branch-without-if": entry(
    ["{name} does not follow an if", "put it right after the block of an if or elsif"],
    ["{name} ne suit pas un if", "placez-le juste après le bloc d'un if ou d'un elsif"],
  ),
  "else-takes-no-test": entry(
    ["else takes no test", "write elsif to give a test"],
    ["else ne prend pas de test", "écrivez elsif pour donner un test"],
  ),
  "missing-test": entry(
    ["{name} needs a test", 'write for example {name} header :contains "subject" "…"'],
    ["{name} demande un test", 'écrivez par exemple {name} header :contains "subject" "…"'],
  ),
  "missing-test-list": entry(
    ["{name} needs a list of tests in parentheses", "write {name} (test, test)"],
    ["{name} demande une liste de tests entre parenthèses", "écrivez {name} (test, test)"],
  ),
  "list-instead-of-test": entry(
    ["{name} takes one test, not a list", "write {name} anyof (…) or {name} allof (…)"],
    ["{name} prend un seul test, pas une liste", "écrivez {name} anyof (…) ou {name} allof (…)"],
  ),
  "unexpected-test": entry(
    ["{name} takes no test, but “{test}” follows it", "a semicolon may be missing before {test}"],
    ["{name} ne prend pas de test, or « {test} » le suit", "il manque peut-être un point-virgule avant {test}"],
  ),
  "unexpected-block": entry(
    ["{name} takes no block", "end it with a semicolon"],
    ["{name} ne prend pas de bloc", "terminez la commande par un point-virgule"],
  ),
  "not-outermost": entry(
    ["{name} stands inside a block", "put it outside of all blocks"],
    ["{name} se trouve dans un bloc", "placez la commande hors de tout bloc"],
  ),
  unreachable: entry(
    ["{name} is never reached", "remove it, or move it before the command that ends the script"],
    ["{name} n'est jamais atteint", "supprimez-le ou placez-le avant la commande qui termine le script"],
  ),
  // Arguments
  "tag-after-argument": entry(
    [":{tag} stands after an argument of {name}", "put all tags before the other arguments"],
    [":{tag} se trouve après un argument de {name}", "placez toutes les options avant les autres arguments"],
  ),
  "duplicate-tag": entry(
    [":{tag} is given twice", "keep one of them"],
    [":{tag} est donné deux fois", "n'en gardez qu'un"],
  ),
  "tags-exclusive": entry(
    [":{tag} cannot be used together with :{other}", "keep one of the two"],
    [":{tag} ne peut pas s'employer avec :{other}", "ne gardez que l'un des deux"],
  ),
  "tag-missing": entry(
    ["{name} needs one of {tags}", "add the one that is meant"],
    ["{name} demande une des options {tags}", "ajoutez celle qui convient"],
  ),
  "tag-needs-value": entry(
    [":{tag} needs {kind} after it", "put it right after the tag"],
    [":{tag} doit être suivi de {kind}", "placez-la juste après l'option"],
  ),
  "missing-argument": entry(
    ["{name} lacks an argument: {argument}, {kind}", "add it before the end of the command"],
    ["il manque un argument à {name} : {argument}, {kind}", "ajoutez-le avant la fin de la commande"],
  ),
  "extra-argument": entry(
    ["{name} takes {count} arguments; this is one too many", "remove it, or put several strings into a list [ … ]"],
    [
      "{name} prend {count} arguments ; celui-ci est de trop",
      "supprimez-le, ou mettez plusieurs chaînes dans une liste [ … ]",
    ],
  ),
  "wrong-kind": entry(
    [
      "{name} wants {kind} here ({argument}), not {found}",
      "a string stands between quotes, a list in brackets, a number alone",
    ],
    [
      "{name} attend ici {kind} ({argument}), pas {found}",
      "une chaîne s'écrit entre guillemets, une liste entre crochets, un nombre seul",
    ],
  ),
  "bad-match-argument": entry(
    [":{tag} cannot compare by “{value}”", "use one of {allowed}"],
    [":{tag} ne sait pas comparer par « {value} »", "utilisez l'un de : {allowed}"],
  ),
  "comparator-no-substring": entry(
    ["{comparator} cannot be used with :{match}", "use :is, or another comparator"],
    ["{comparator} ne peut pas s'employer avec :{match}", "utilisez :is ou un autre comparateur"],
  ),
  "variable-not-allowed": entry(
    ["no variable may stand here", "write the text itself"],
    ["aucune variable n'est permise ici", "écrivez le texte lui-même"],
  ),
  // Header fields and addresses
  "field-name-with-colon": entry(
    ["“{name}” never matches: the name of a header field has no colon", "remove the colon"],
    ["« {name} » ne correspond jamais : un nom d'en-tête n'a pas de deux-points", "supprimez le deux-points"],
  ),
  "bad-field-name": entry(
    [
      "“{name}” never matches: it cannot be the name of a header field",
      "a name has no blanks and no accents, e.g. List-Id",
    ],
    [
      "« {name} » ne correspond jamais : ce ne peut être un nom d'en-tête",
      "un nom n'a ni espace ni accent, par ex. List-Id",
    ],
  ),
  "not-an-address-field": entry(
    ["the header field {name} does not hold addresses", "use header instead of address"],
    ["l'en-tête {name} ne contient pas d'adresses", "utilisez header au lieu de address"],
  ),
  "key-with-at": entry(
    ["“{key}” never matches: :{part} is only a part of the address", "leave out the other half, or use :all"],
    [
      "« {key} » ne correspond jamais : :{part} n'est qu'une partie de l'adresse",
      "omettez l'autre moitié ou utilisez :all",
    ],
  ),
  "key-with-blanks": entry(
    ["“{key}” never matches: blanks around a header's value are removed", "remove them from the key, or use :contains"],
    [
      "« {key} » ne correspond jamais : les espaces autour d'une valeur d'en-tête sont supprimés",
      "supprimez-les de la clé ou utilisez :contains",
    ],
  ),
  "unknown-envelope-part": entry(
    ["the envelope has no part “{part}”", "use from, to or auth"],
    ["l'enveloppe n'a pas de partie « {part} »", "utilisez from, to ou auth"],
  ),
  "bad-address": entry(
    [
      "“{address}” is not an address that mail can be sent to",
      "write it as name@example.org or Name <name@example.org>",
    ],
    [
      "« {address} » n'est pas une adresse où envoyer du courrier",
      "écrivez-la sous la forme nom@example.org ou Nom <nom@example.org>",
    ],
  ),
  "bad-mailbox": entry(
    ["“{mailbox}” cannot be the name of a mailbox", "a name is not empty and holds no control characters"],
    [
      "« {mailbox} » ne peut pas être un nom de dossier",
      "un nom n'est pas vide et ne contient pas de caractères de contrôle",
    ],
  ),
  // Extensions
  "unknown-namespace": entry(
    ["there is no variable namespace in “{name}” that may be used here", "write the name without a dot"],
    ["aucun espace de variables de « {name} » n'est utilisable ici", "écrivez le nom sans point"],
  ),
  "bad-variable-name": entry(
    ["“{name}” cannot be the name of a variable", "use letters, digits and _, a letter first"],
    ["« {name} » ne peut pas être un nom de variable", "utilisez des lettres, des chiffres et _, une lettre d'abord"],
  ),
  "match-variable-read-only": entry(
    ["the match variable {name} cannot be set", "set a variable of another name"],
    ["la variable de correspondance {name} ne peut pas être affectée", "affectez une variable d'un autre nom"],
  ),
  "match-variable-too-high": entry(
    ["there is no match variable {index}", "the last one is {limit}"],
    ["la variable de correspondance {index} n'existe pas", "la dernière est {limit}"],
  ),
  "variable-name-too-long": entry(
    ["the name of the variable is longer than {limit} characters", "choose a shorter one"],
    ["le nom de la variable dépasse {limit} caractères", "choisissez-en un plus court"],
  ),
  "too-many-variables": entry(
    ["the script sets more than {limit} variables", "use a variable again when its value is no longer needed"],
    ["le script affecte plus de {limit} variables", "réutilisez une variable dont la valeur ne sert plus"],
  ),
  "bad-flag": entry(
    [
      "“{flag}” is no IMAP flag and is ignored",
      "system flags are \\\\Seen \\\\Answered \\\\Flagged \\\\Deleted \\\\Draft; keywords have no blanks, accents or ( ) { % * ] \\\\",
    ],
    [
      "« {flag} » n'est pas un drapeau IMAP et sera ignoré",
      "les drapeaux système sont \\\\Seen \\\\Answered \\\\Flagged \\\\Deleted \\\\Draft ; un mot-clé n'a ni espace, ni accent, ni ( ) { % * ] \\\\",
    ],
  ),
  "unknown-date-part": entry(
    ["there is no date part “{part}”", "use one of {known}"],
    ["la partie de date « {part} » n'existe pas", "utilisez l'une de : {known}"],
  ),
  "bad-zone": entry(
    ["“{zone}” is not a time zone", "write it as +0100 or -0530"],
    ["« {zone} » n'est pas un fuseau horaire", "écrivez-le sous la forme +0100 ou -0530"],
  ),
  "index-from-one": entry(
    ["header fields are counted from 1", "use :index 1 for the first, :index 1 :last for the last"],
    [
      "les champs d'en-tête se comptent à partir de 1",
      "utilisez :index 1 pour le premier, :index 1 :last pour le dernier",
    ],
  ),
  "last-without-index": entry(
    [":last has no meaning without :index", "write :index 1 :last for the last field"],
    [":last n'a pas de sens sans :index", "écrivez :index 1 :last pour le dernier champ"],
  ),
  // Run
  "too-many-steps": entry(
    ["the script used up its {limit} steps on this mail", "use fewer or shorter keys, above all on the body"],
    [
      "le script a épuisé ses {limit} pas sur ce message",
      "utilisez moins de clés ou des clés plus courtes, surtout sur le corps",
    ],
  ),
  "too-many-actions": entry(
    ["the script makes more than {limit} actions on one mail", "end rules with stop"],
    ["le script fait plus de {limit} actions sur un message", "terminez les règles par stop"],
  ),
  "too-many-redirects": entry(
    ["the script redirects one mail more than {limit} times", "redirect to a mailing list instead"],
    ["le script redirige un message plus de {limit} fois", "redirigez plutôt vers une liste de diffusion"],
  ),
  "too-many-edits": entry(
    ["the script changes one mail more than {limit} times", "change it only where a rule asks for it"],
    ["le script modifie un message plus de {limit} fois", "ne le modifiez que là où une règle le demande"],
  ),
  "action-conflict": entry(
    ["{action} cannot be carried out together with {other}", "put stop after one of them"],
    ["{action} ne peut pas être exécuté avec {other}", "mettez stop après l'un des deux"],
  ),
  "script-error": entry(["the script says: {message}"], ["le script dit : {message}"]),
  "stale-program": entry(
    ["the program was compiled by another version", "compile the script again"],
    ["le programme a été compilé par une autre version", "recompilez le script"],
  ),
  internal: entry(
    ["the interpreter failed: {reason}", "this is our fault: please report it with the script"],
    ["l'interpréteur a échoué : {reason}", "c'est notre faute : merci de la signaler avec le script"],
  ),
};
