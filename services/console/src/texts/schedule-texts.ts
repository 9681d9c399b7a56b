import type { Text } from "@tamis/kit";

/** What pages say of when a circular leaves, how often, and in which hours. */
export const scheduleTexts = {
  "schedule-title": { en: "When it leaves", fr: "Quand elle part" },
  at: { en: "Date and time", fr: "Date et heure" },
  zone: { en: "Time zone", fr: "Fuseau horaire" },
  which: { en: "This time comes twice: which one?", fr: "Cette heure arrive deux fois : laquelle ?" },
  "which.earlier": { en: "the earlier, {time}", fr: "la première, {time}" },
  "which.later": { en: "the later, {time}", fr: "la seconde, {time}" },
  schedule: { en: "Yes, send so", fr: "Oui, envoyer ainsi" },
  "schedule-again": { en: "Change the time", fr: "Changer l'heure" },
  now: { en: "Send now", fr: "Envoyer maintenant" },
  "now-sure": {
    en: "It leaves at once, to {count} recipients. There is a short while in which it can still be cancelled as a whole.",
    fr: "Elle part tout de suite, vers {count} destinataires. Elle peut encore être annulée en entier pendant un court moment.",
  },
  "yes-now": { en: "Yes, send now", fr: "Oui, envoyer maintenant" },
  "done.schedule": {
    en: "It leaves at the time below. It can be cancelled as a whole until {time}.",
    fr: "Elle part à l'heure ci-dessous. Elle peut être annulée en entier jusqu'au {time}.",
  },
  "done.schedule-moved": {
    en: "That time lies outside office hours: it leaves when they begin, as below. It can be cancelled as a whole until {time}.",
    fr: "Cette heure est hors des heures de bureau : elle part à leur début, comme ci-dessous. Elle peut être annulée en entier jusqu'au {time}.",
  },
  recurs: { en: "Again and again: {rule}", fr: "À répétition : {rule}" },
  "recurs-left": { en: "Again and again: {rule}, {left} more", fr: "À répétition : {rule}, encore {left} fois" },
  "in-hours": {
    en: "In office hours only: from {opens} to {closes}, and so on.",
    fr: "Aux heures de bureau seulement : du {opens} au {closes}, et ainsi de suite.",
  },
  "see-dates": { en: "See the dates", fr: "Voir les dates" },
  dates: { en: "Are these the right dates?", fr: "Ces dates sont-elles les bonnes ?" },
  "dates-once": { en: "It leaves:", fr: "Elle part :" },
  "dates-several": {
    en: "It leaves, each time to the same recipients:",
    fr: "Elle part, chaque fois aux mêmes destinataires :",
  },
  "dates-more": { en: "and so on", fr: "et ainsi de suite" },
  "dates-moved": {
    en: "{time} lies outside the hours in which it may leave: it waits until they begin.",
    fr: "{time} est hors des heures où elle peut partir : elle attend leur début.",
  },
  "dates-sure": {
    en: "Nothing is scheduled yet. Recipients: {count}. Until it leaves it can be changed, or cancelled.",
    fr: "Rien n'est encore programmé. Destinataires : {count}. Jusqu'au départ, elle peut être modifiée ou annulée.",
  },
  repeat: { en: "How often", fr: "À quelle fréquence" },
  "repeat.once": { en: "Once", fr: "Une seule fois" },
  "repeat.daily": { en: "Every day", fr: "Tous les jours" },
  "repeat.workdays": { en: "From Monday to Friday", fr: "Du lundi au vendredi" },
  "repeat.weekly": { en: "Every week, on that weekday", fr: "Toutes les semaines, ce jour de la semaine" },
  "repeat.fortnightly": {
    en: "Every two weeks, on that weekday",
    fr: "Toutes les deux semaines, ce jour de la semaine",
  },
  "repeat.monthly-day": { en: "Every month, on that date", fr: "Tous les mois, à ce quantième" },
  "repeat.monthly-weekday": {
    en: "Every month, on that weekday (the second Monday, say)",
    fr: "Tous les mois, ce jour de la semaine (par exemple le deuxième lundi)",
  },
  "repeat.yearly": { en: "Every year, on that date", fr: "Tous les ans, à cette date" },
  "repeat.said": { en: "Otherwise: in words, below", fr: "Autrement : en toutes lettres, ci-dessous" },
  "repeat-more": { en: "In words, and until when", fr: "En toutes lettres, et jusqu'à quand" },
  rule: { en: "In words", fr: "En toutes lettres" },
  "rule-hint": {
    en: "Monday and Thursday; first Monday; the 15th. Counts where “otherwise” is chosen above.",
    fr: "lundi et jeudi ; premier lundi ; le 15 du mois. Compte si « autrement » est choisi ci-dessus.",
  },
  times: { en: "How many times in all", fr: "Combien de fois en tout" },
  "times-hint": { en: "The first one included; empty: without end.", fr: "La première comprise ; vide : sans fin." },
  until: { en: "Not after this day", fr: "Pas après ce jour" },
  hours: { en: "In which hours", fr: "À quelles heures" },
  "hours-hint": {
    en: "A long send stops when they are over, and goes on when the next begin.",
    fr: "Un long envoi s'arrête à leur fin, et reprend au début des suivantes.",
  },
  "hours.usual": {
    en: "The usual ones of this installation, where it has some",
    fr: "Les heures habituelles ici, s'il y en a",
  },
  "hours.any": { en: "At any hour, day and night", fr: "À toute heure, jour et nuit" },
  "hours.own": { en: "Only in the hours below", fr: "Seulement aux heures ci-dessous" },
  "hours-own": { en: "Days and hours", fr: "Jours et heures" },
  days: { en: "Days", fr: "Jours" },
  "from-hour": { en: "From", fr: "De" },
  "to-hour": { en: "To", fr: "À" },
} as const satisfies Readonly<Record<string, Text>>;
