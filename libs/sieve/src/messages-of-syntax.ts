import { type Entry, entry } from "./message-entry.ts";

/** Messages about text, syntax, names and `require`. */
export const syntaxMessages: Readonly<Record<string, Entry>> = {
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
  "nul-character": entry(
    ["the script holds a character with the number 0, which no text has", "save the script as plain text in UTF-8"],
    [
      "le script contient un caractère de numéro 0, qu'aucun texte ne contient",
      "enregistrez-le en texte brut, en UTF-8",
    ],
  ),
  "unexpected-character": entry(
    ["“{found}” has no meaning here", "text belongs between double quotes; a comment begins with #"],
    ["« {found} » n'a pas de sens ici", "un texte s'écrit entre guillemets droits ; un commentaire commence par #"],
  ),
  "typographic-quotes": entry(
    ["these quotes do not make a string", 'write straight double quotes: "…"'],
    ["ces guillemets ne forment pas une chaîne", 'écrivez des guillemets droits : "…"'],
  ),
  "unterminated-string": entry(
    ["this string has no end", 'close it with "; a " inside a string is written \\"'],
    ["cette chaîne n'est pas fermée", 'fermez-la par " ; un " dans une chaîne s\'écrit \\"'],
  ),
  "string-over-lines": entry(
    [
      "after this string, which runs over several lines, the command makes no sense",
      "a quote is probably missing: look for it on this line",
    ],
    [
      "après cette chaîne, qui s'étend sur plusieurs lignes, la commande n'a plus de sens",
      "il manque sans doute un guillemet : cherchez-le sur cette ligne",
    ],
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
  "list-of-strings": entry(
    ["a list holds only strings", "write numbers and tags outside of the brackets"],
    ["une liste ne contient que des chaînes", "écrivez les nombres et les options hors des crochets"],
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
};
