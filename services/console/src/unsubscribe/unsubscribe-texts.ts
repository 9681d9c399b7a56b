import { typeset } from "../texts/typeset.ts";

/** What those read who leave a list. */
export const unsubscribeTexts = typeset({
  title: { en: "Leave this list", fr: "Quitter cette liste" },
  question: {
    en: "You get no more circulars of the list whose mail brought you here. Other mail is not concerned.",
    fr: "Vous ne recevrez plus les circulaires de la liste dont le courriel vous amène ici. Vos autres courriels ne sont pas concernés.",
  },
  button: { en: "Leave the list", fr: "Quitter la liste" },
  done: { en: "Done", fr: "C'est fait" },
  left: {
    en: "If this link was yours, you get no more circulars of its list.",
    fr: "Si ce lien était le vôtre, vous ne recevrez plus les circulaires de sa liste.",
  },
});
