import { type Entry, entry } from "./message-entry.ts";

/** What can be wrong with a regular expression; `{place}` is that of the character, from 1. */
export const regexMessages: Readonly<Record<string, Entry>> = {
  "regex-back-reference": entry(
    [
      "character {place} of “{pattern}” refers back to a group, which no regular expression here can do",
      "test the text with a second test, on the variable that holds the group",
    ],
    [
      "le caractère {place} de « {pattern} » renvoie à un groupe, ce qu'aucune expression régulière ne sait faire ici",
      "testez le texte par un second test, sur la variable qui contient le groupe",
    ],
  ),
  "regex-bad-class": entry(
    [
      "character {place} of “{pattern}”: there is no such class of characters",
      "use alnum alpha blank cntrl digit graph lower print punct space upper xdigit, as [[:digit:]]",
    ],
    [
      "caractère {place} de « {pattern} » : cette classe de caractères n'existe pas",
      "utilisez alnum alpha blank cntrl digit graph lower print punct space upper xdigit, comme [[:digit:]]",
    ],
  ),
  "regex-bad-interval": entry(
    [
      "character {place} of “{pattern}”: this is not a number of repetitions",
      "write {2}, {2,} or {2,5}, up to 255; a brace itself is written \\\\{",
    ],
    [
      "caractère {place} de « {pattern} » : ce n'est pas un nombre de répétitions",
      "écrivez {2}, {2,} ou {2,5}, jusqu'à 255 ; une accolade s'écrit \\\\{",
    ],
  ),
  "regex-bad-range": entry(
    [
      "character {place} of “{pattern}”: a range goes from a lower to a higher character",
      "put a hyphen that is meant itself last: [az-]",
    ],
    [
      "caractère {place} de « {pattern} » : un intervalle va d'un caractère à un autre plus grand",
      "placez en dernier un tiret pris pour lui-même : [az-]",
    ],
  ),
  "regex-bad-repeat": entry(
    [
      "character {place} of “{pattern}” repeats nothing",
      "put what it repeats before it; the character itself is written with a double backslash: \\\\*",
    ],
    [
      "le caractère {place} de « {pattern} » ne répète rien",
      "placez devant ce qu'il répète ; le caractère lui-même s'écrit avec une double barre oblique inverse : \\\\*",
    ],
  ),
  "regex-open-bracket": entry(
    ["character {place} of “{pattern}” begins a bracket expression that has no end", "close it with ]"],
    ["le caractère {place} de « {pattern} » ouvre un crochet qui n'est pas fermé", "fermez-le par ]"],
  ),
  "regex-open-group": entry(
    [
      "character {place} of “{pattern}” begins a group that has no end",
      "close it with ), or write \\\\( for the character",
    ],
    [
      "le caractère {place} de « {pattern} » ouvre un groupe qui n'est pas fermé",
      "fermez-le par ), ou écrivez \\\\( pour le caractère",
    ],
  ),
  "regex-too-big": entry(
    ["“{pattern}” takes more than {limit} states", "use smaller numbers of repetitions"],
    ["« {pattern} » demande plus de {limit} états", "utilisez de plus petits nombres de répétitions"],
  ),
  "regexes-too-big": entry(
    [
      "the regular expressions of the script take more than {limit} states in all",
      "use :contains or :matches where they do",
    ],
    [
      "les expressions régulières du script demandent plus de {limit} états en tout",
      "utilisez :contains ou :matches là où ils suffisent",
    ],
  ),
  "regex-too-deep": entry(
    ["“{pattern}” has too many groups inside groups", "make it simpler, or use several tests"],
    ["« {pattern} » a trop de groupes imbriqués", "simplifiez-la ou utilisez plusieurs tests"],
  ),
  "regex-trailing-backslash": entry(
    ["“{pattern}” ends in a backslash", "a backslash itself is written \\\\\\\\ in a script"],
    ["« {pattern} » se termine par une barre oblique inverse", "la barre elle-même s'écrit \\\\\\\\ dans un script"],
  ),
  "regex-odd-escape": entry(
    [
      "in “{pattern}” \\{letter} is the letter {letter}",
      "POSIX has [[:digit:]], [[:space:]], [[:alnum:]] where other dialects have \\d and the like",
    ],
    [
      "dans « {pattern} », \\{letter} est la lettre {letter}",
      "POSIX écrit [[:digit:]], [[:space:]], [[:alnum:]] là où d'autres dialectes ont \\d et semblables",
    ],
  ),
};
