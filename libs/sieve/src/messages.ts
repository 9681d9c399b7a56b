interface Sentence {
  readonly message: string;
  readonly hint?: string;
}

interface Entry {
  readonly en: Sentence;
  readonly fr: Sentence;
}

function entry(en: readonly [string, string?], fr: readonly [string, string?]): Entry {
  return { en: sentence(en), fr: sentence(fr) };
}

function sentence([message, hint]: readonly [string, string?]): Sentence {
  return hint === undefined ? { message } : { message, hint };
}

/** What a kind of argument is called, in the place of `{kind}` and `{found}`. */
export const kindNames: Readonly<Record<string, { readonly en: string; readonly fr: string }>> = {
  string: { en: "a string", fr: "une chaîne" },
  strings: { en: "a list of strings", fr: "une liste de chaînes" },
  number: { en: "a number", fr: "un nombre" },
};

/** Every diagnostic and runtime error in English and French, by its code. `{name}` stands for a parameter. */
export const catalog: Readonly<Record<string, Entry>> = {
  // Text
  "script-too-big": entry(
    [
      "the script is larger than {limit} octets",
      "remove rules that are no longer used, or join rules into one with a list of keys",
    ],
    [
      "le script dépasse {limit} octets",
      "supprimez les règles devenues inutiles ou réunissez-les en une seule avec une liste de clés",
    ],
  ),
  "too-many-diagnostics": entry(
    ["there are more problems than the {limit} shown", "mend these first"],
    ["il y a plus de problèmes que les {limit} affichés", "corrigez d'abord ceux-ci"],
  ),
  "unexpected-character": entry(
    ["“{found}” has no meaning here", "text belongs between double quotes; a comment begins with #"],
    ["« {found} » n'a pas de sens ici", "un texte s'écrit entre guillemets droits ; un commentaire commence par #"],
  ),
  "unterminated-string": entry(
    ["this string has no end", 'close it with "; a " inside a string is written \\"'],
    ["cette chaîne n'est pas fermée", 'fermez-la par " ; un " dans une chaîne s\'écrit \\"'],
  ),
  "unterminated-multi-line": entry(
    ["this text: block has no end", "end it with a line that holds a single dot"],
    ["ce bloc text: n'a pas de fin", "terminez-le par une ligne ne contenant qu'un point"],
  ),
  "unterminated-comment": entry(
    ["this comment has no end", "close it with */"],
    ["ce commentaire n'est pas fermé", "fermez-le par */"],
  ),
  "bad-number": entry(
    ["“{found}” is not a number", "write digits, then K, M or G at most: 100K"],
    ["« {found} » n'est pas un nombre", "écrivez des chiffres, suivis au plus de K, M ou G : 100K"],
  ),
  "number-too-big": entry(
    ["the number {found} is too big", "the largest is 9007199254740991"],
    ["le nombre {found} est trop grand", "le plus grand est 9007199254740991"],
  ),
  "lone-colon": entry(
    ["a colon must be followed by the name of a tag", "write for example :contains, without a blank after the colon"],
    [
      "un deux-points doit être suivi du nom d'une option",
      "écrivez par exemple :contains, sans espace après le deux-points",
    ],
  ),
  "bad-character": entry(
    ["U+{value} is not a Unicode character", "use 0 to D7FF or E000 to 10FFFF"],
    ["U+{value} n'est pas un caractère Unicode", "utilisez 0 à D7FF ou E000 à 10FFFF"],
  ),
  // Syntax
  "expected-command": entry(
    ["a command should begin here, not “{found}”", "a command begins with its name, e.g. fileinto or if"],
    [
      "une commande devrait commencer ici, pas « {found} »",
      "une commande commence par son nom, par ex. fileinto ou if",
    ],
  ),
  "empty-command": entry(
    ["there is no command before this semicolon", "remove the semicolon; a block ends with } alone"],
    ["il n'y a pas de commande avant ce point-virgule", "supprimez-le ; un bloc se termine par } seul"],
  ),
  "unmatched-brace": entry(
    ["this } closes nothing", "remove it, or add the { that is missing before it"],
    ["cette } ne ferme rien", "supprimez-la ou ajoutez la { qui manque avant elle"],
  ),
  "missing-brace": entry(
    ["this block has no end", "add } after its last command"],
    ["ce bloc n'est pas fermé", "ajoutez } après sa dernière commande"],
  ),
  "missing-block": entry(
    ["{name} needs a block", "write the commands between { and }"],
    ["{name} doit être suivi d'un bloc", "écrivez les commandes entre { et }"],
  ),
  "missing-semicolon": entry(
    ["a semicolon is missing after {name}", "end the command with ;"],
    ["il manque un point-virgule après {name}", "terminez la commande par ;"],
  ),
  "missing-comma": entry(
    ["a comma is missing", "separate the items of a list with ,"],
    ["il manque une virgule", "séparez les éléments d'une liste par ,"],
  ),
  "extra-comma": entry(["this comma is one too many", "remove it"], ["cette virgule est de trop", "supprimez-la"]),
  "missing-bracket": entry(
    ["this list has no end", "close it with ]"],
    ["cette liste n'est pas fermée", "fermez-la par ]"],
  ),
  "missing-parenthesis": entry(
    ["this list of tests has no end", "close it with )"],
    ["cette liste de tests n'est pas fermée", "fermez-la par )"],
  ),
  "empty-list": entry(
    ["the list is empty", "put at least one string into it"],
    ["la liste est vide", "mettez-y au moins une chaîne"],
  ),
  "empty-test-list": entry(
    ["the list of tests is empty", "put at least one test between the parentheses"],
    ["la liste de tests est vide", "mettez au moins un test entre les parenthèses"],
  ),
  "expected-test": entry(
    ["a test should stand here, not “{found}”", 'write for example header :contains "subject" "…"'],
    ["un test devrait se trouver ici, pas « {found} »", 'écrivez par exemple header :contains "subject" "…"'],
  ),
  "unexpected-token": entry(
    ["“{found}” does not belong after {name}", "end the command before it with ;"],
    ["« {found} » n'a pas sa place après {name}", "terminez la commande avant lui par ;"],
  ),
  "else-if": entry(
    ["“else if” is written as one word", "write elsif"],
    ["« else if » s'écrit en un mot", "écrivez elsif"],
  ),
  "too-deep": entry(
    ["blocks or tests are nested more than {limit} deep", "join conditions with allof or anyof instead of nesting"],
    [
      "les blocs ou tests sont imbriqués sur plus de {limit} niveaux",
      "réunissez les conditions par allof ou anyof au lieu de les imbriquer",
    ],
  ),
  // Names
  "unknown-command": entry(
    ["there is no command {name}{meant}", "see the list of commands of RFC 5228 and of the extensions offered here"],
    [
      "la commande {name} n'existe pas{meant}",
      "voyez la liste des commandes de la RFC 5228 et des extensions proposées ici",
    ],
  ),
  "unknown-test": entry(
    [
      "there is no test {name}{meant}",
      "tests are header, address, size, exists, allof, anyof, not and those of extensions",
    ],
    [
      "le test {name} n'existe pas{meant}",
      "les tests sont header, address, size, exists, allof, anyof, not et ceux des extensions",
    ],
  ),
  "unknown-tag": entry(
    ["{command} has no tag {name}{meant}", "remove the tag or correct its name"],
    ["{command} n'a pas d'option {name}{meant}", "supprimez l'option ou corrigez son nom"],
  ),
  "unknown-comparator": entry(
    ["there is no comparator {name}{meant}", "use i;ascii-casemap or i;octet"],
    ["le comparateur {name} n'existe pas{meant}", "utilisez i;ascii-casemap ou i;octet"],
  ),
  "test-as-command": entry(
    ["{name} is a test, not a command", "put it after if: if {name} … { … }"],
    ["{name} est un test, pas une commande", "placez-le après if : if {name} … { … }"],
  ),
  "command-as-test": entry(
    ["{name} is a command, not a test", "put it into the block that follows the test"],
    ["{name} est une commande, pas un test", "placez-la dans le bloc qui suit le test"],
  ),
  // require
  "require-too-late": entry(
    ["require stands after another command", "move it to the beginning of the script"],
    ["require se trouve après une autre commande", "déplacez-le au début du script"],
  ),
  "needs-require": entry(
    ["{name} needs the extension “{capability}”", 'add require "{capability}"; at the beginning of the script'],
    ["{name} demande l'extension « {capability} »", 'ajoutez require "{capability}"; au début du script'],
  ),
  "tag-needs-require": entry(
    [":{tag} needs the extension “{capability}”", 'add require "{capability}"; at the beginning of the script'],
    [":{tag} demande l'extension « {capability} »", 'ajoutez require "{capability}"; au début du script'],
  ),
  "comparator-needs-require": entry(
    ["the comparator {comparator} needs to be required", 'add require "{capability}"; at the beginning of the script'],
    ["le comparateur {comparator} doit être demandé", 'ajoutez require "{capability}"; au début du script'],
  ),
  "flag-variable-needs-require": entry(
    [
      "keeping flags in a variable needs the extension “variables”",
      'add require "variables"; or leave out the name of the variable',
    ],
    [
      "garder des drapeaux dans une variable demande l'extension « variables »",
      'ajoutez require "variables"; ou omettez le nom de la variable',
    ],
  ),
  "unknown-capability": entry(
    ["there is no extension “{name}”{meant}", "correct its name, or remove it and what depends on it"],
    ["l'extension « {name} » n'existe pas{meant}", "corrigez son nom, ou supprimez-la avec ce qui en dépend"],
  ),
  "capability-not-here": entry(
    ["the extension “{name}” is known but not supported yet", "remove it and the commands that depend on it"],
    [
      "l'extension « {name} » est connue mais pas encore prise en charge",
      "supprimez-la avec les commandes qui en dépendent",
    ],
  ),
  "capability-not-offered": entry(
    [
      "the extension “{name}” is not offered for this mailbox",
      "remove it, or ask the operator: its server or settings do not allow it",
    ],
    [
      "l'extension « {name} » n'est pas proposée pour cette boîte",
      "supprimez-la ou demandez à l'exploitant : son serveur ou ses réglages ne la permettent pas",
    ],
  ),
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
    ["“{address}” is not an address that mail can be sent to", "write it as name@example.org, without a display name"],
    [
      "« {address} » n'est pas une adresse où envoyer du courrier",
      "écrivez-la sous la forme nom@example.org, sans nom affiché",
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
    ["the match variable ${{name}} cannot be set", "set a variable of another name"],
    ["la variable de correspondance ${{name}} ne peut pas être affectée", "affectez une variable d'un autre nom"],
  ),
  "match-variable-too-high": entry(
    ["there is no match variable ${{index}}", "the last one is ${{limit}}"],
    ["la variable de correspondance ${{index}} n'existe pas", "la dernière est ${{limit}}"],
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
