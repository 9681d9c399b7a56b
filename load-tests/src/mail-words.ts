/** The words of generated mail: written for it, about a school authority, in French and English. */

export type Language = "fr" | "en";

export interface Words {
  readonly people: readonly (readonly [string, string])[];
  readonly domains: readonly string[];
  readonly subjects: readonly string[];
  readonly greetings: readonly string[];
  readonly sentences: readonly string[];
  readonly closings: readonly string[];
  readonly files: readonly string[];
}

export const WORDS: Readonly<Record<Language, Words>> = {
  fr: {
    people: [
      ["Hélène", "Girard"],
      ["Loïc", "Bérenger"],
      ["François", "Maître"],
      ["Aïcha", "Benali"],
      ["Noé", "Chastel"],
      ["Maël", "Le Goff"],
      ["Zoé", "Lefèvre"],
      ["Jean-Rémi", "Dupré"],
      ["Sophie", "Martin"],
      ["Karim", "Haddad"],
    ],
    domains: ["ac-montagne.example", "lycee-vaucanson.example", "college-des-cimes.example", "mairie-voreppe.example"],
    subjects: [
      "Conseil de classe de la 3eB : horaires modifiés",
      "Réunion de rentrée du lundi",
      "Compte rendu du conseil d'administration",
      "Absence de M. Bérenger jeudi après-midi",
      "Sortie au musée : autorisations à rendre",
      "Emploi du temps provisoire à vérifier",
      "Demande de matériel pour le laboratoire",
      "Stage de formation « numérique et évaluation »",
      "Relance : dossier d'inscription incomplet",
      "Fermeture exceptionnelle de la cantine",
    ],
    greetings: ["Bonjour,", "Chères collègues, chers collègues,", "Madame, Monsieur,", "Bonjour à toutes et à tous,"],
    sentences: [
      "Vous trouverez ci-joint le relevé des décisions prises hier soir.",
      "La salle B204 étant occupée, nous nous retrouverons au CDI à dix heures.",
      "Merci de me confirmer votre présence avant vendredi midi.",
      "Les élèves de troisième passeront leur oral à partir du 12 juin.",
      "Le nouveau règlement intérieur a été adopté à l'unanimité moins deux abstentions.",
      "Pensez à saisir les appréciations : le serveur fermera à dix-huit heures.",
      "La chaufferie sera arrêtée pendant les travaux ; prévoyez un vêtement chaud.",
      "Nous avons reçu vingt-sept dossiers complets et onze qu'il faut relancer.",
      "Le bus partira de la place de l'Hôtel-de-Ville à sept heures précises.",
      "Une copie de la convention signée doit parvenir au secrétariat.",
      "L'inspecteur nous rendra visite la semaine prochaine, sans doute mardi.",
      "Le budget prévisionnel s'élève à 4 850 €, subvention comprise.",
      "N'hésitez pas à m'appeler si quelque chose n'était pas clair.",
      "Les tablettes prêtées cet hiver sont à rendre avec leur chargeur.",
    ],
    closings: ["Bien cordialement,", "Bien à vous,", "Avec mes remerciements,", "Cordialement,"],
    files: ["compte rendu été.pdf", "emploi-du-temps.xlsx", "règlement intérieur.pdf", "photo de classe.jpg"],
  },
  en: {
    people: [
      ["Martha", "Ellison"],
      ["Owen", "Pryce"],
      ["Niamh", "O'Donnell"],
      ["Dev", "Patel"],
      ["Ruth", "Abernathy"],
      ["Tom", "Whitfield"],
      ["Grace", "Lindqvist"],
      ["Samuel", "Okafor"],
    ],
    domains: ["northfield-school.example", "exchange-programme.example", "tickets.example", "openmaths.example"],
    subjects: [
      "Exchange week: list of host families",
      "Your ticket has been updated",
      "Minutes of Tuesday's call",
      "Library system maintenance on Saturday",
      "Re: question about the grading sheet",
      "New release available",
      "Invoice and delivery note",
      "Call for papers: teaching with open data",
    ],
    greetings: ["Hello,", "Dear all,", "Hi there,", "Dear colleagues,"],
    sentences: [
      "Please find the list of host families attached to this message.",
      "The maintenance window starts at six in the morning and lasts about two hours.",
      "I have merged your change and it will be part of the next release.",
      "Could you send me the missing permission slips before the end of the week?",
      "We moved the call to Thursday, because half of us are travelling on Wednesday.",
      "The measurements agree with the theory up to the third decimal, which is a relief.",
      "Nobody has reported a problem since the network cards were replaced.",
      "If you would rather not receive these notices, reply to this message and say so.",
      "The proof uses nothing but induction, and the exercise sheet leads up to it.",
      "Two of the parcels arrived damaged and were sent back the same day.",
      "There is coffee in the common room and a map of the building at the entrance.",
      "I would keep the old sheet for one more term and compare both at Easter.",
    ],
    closings: ["Best wishes,", "Kind regards,", "Thanks a lot,", "Cheers,"],
    files: ["host families.pdf", "invoice.pdf", "minutes.docx", "poster.png"],
  },
};

/** The mailing lists that mail comes through. */
export const LISTS: readonly { readonly id: string; readonly tag: string; readonly language: Language }[] = [
  { id: "profs-maths.listes.ac-montagne.example", tag: "profs-maths", language: "fr" },
  { id: "direction.listes.ac-montagne.example", tag: "direction", language: "fr" },
  { id: "vie-scolaire.listes.ac-montagne.example", tag: "vie-scolaire", language: "fr" },
  { id: "announce.openmaths.example", tag: "openmaths-announce", language: "en" },
  { id: "dev.exchange-programme.example", tag: "exchange-dev", language: "en" },
];
