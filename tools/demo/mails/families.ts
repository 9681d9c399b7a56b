import { file, html, mailbox, multipart, rawBytes, subject, text } from "./compose.ts";
import { letter, pick, type Sample, STAFF } from "./sample.ts";

const at = (local: string): string => `${local}@${STAFF}`;
const parent = (name: string, local: string): string => mailbox(name, `${local}@familles.example`);

/** What parents and pupils write, from phones and old software. */
export const families: readonly Sample[] = [
  {
    name: "absence-eleve",
    to: "nathalie.petit",
    from: "m.dupont@familles.example",
    want: { folder: "Vie scolaire/Absences", flags: ["$Absence"] },
    build: (stamp) =>
      letter({
        from: parent("Mélanie Dupont", "m.dupont"),
        to: at("nathalie.petit"),
        subject: subject(pick(stamp, ["Absence de Léo ce matin", "Léo malade", "Retard de Léo"]), "utf-8", "B"),
        date: stamp.workday,
        body: text("Bonjour Madame,\n\nLéo a de la fièvre, il revient dès que possible.\n\nMélanie Dupont\n"),
      }),
  },
  {
    name: "absence-dans-le-texte",
    to: "nathalie.petit",
    from: "famille.garcia@familles.example",
    want: { folder: "Vie scolaire/Absences", flags: ["$Absence"] },
    build: (stamp) =>
      letter({
        from: parent("Famille Garcia", "famille.garcia"),
        to: at("nathalie.petit"),
        subject: "Ines 5eC",
        date: stamp.workday,
        body: multipart("alternative", [
          text("Bonjour, Inès sera absente lundi : elle ne pourra pas venir avant midi.\n", { encoding: "base64" }),
          html("<div>Bonjour, Inès sera absente lundi&nbsp;: elle ne pourra pas venir avant midi.</div>", {
            encoding: "base64",
          }),
        ]),
      }),
  },
  {
    name: "moqueries",
    to: "nathalie.petit",
    from: "p.lambert@familles.example",
    want: { folder: "Vie scolaire/Suivi", flags: ["\\Flagged", "$Label1"] },
    build: (stamp) =>
      letter({
        from: parent("Pierre Lambert", "p.lambert"),
        to: at("nathalie.petit"),
        subject: subject("Demande de rendez-vous : situation préoccupante", "iso-8859-1", "Q"),
        date: stamp.workday,
        body: text("Madame,\n\nma fille subit des moqueries dans le car depuis plusieurs semaines.\n", {
          charset: "iso-8859-1",
        }),
      }),
  },
  {
    name: "adresse-de-classe",
    to: "nathalie.petit",
    detail: "Devoirs-Faits",
    from: "s.meyer@familles.example",
    want: { folder: "Sujets/devoirs-faits" },
    build: (stamp) =>
      letter({
        from: parent("S. Meyer", "s.meyer"),
        to: `nathalie.petit+Devoirs-Faits@${STAFF}`,
        subject: subject("Créneau du jeudi", "utf-8"),
        date: stamp.workday,
        body: text("Peut-on encore s'inscrire au créneau du jeudi ?\n"),
      }),
  },
  {
    name: "car-scolaire",
    to: "nathalie.petit",
    from: "infos@cars-isere.example",
    want: { folder: "Transports" },
    build: (stamp) =>
      letter({
        from: mailbox("Cars de l'Isère", "infos@cars-isere.example"),
        to: at("nathalie.petit"),
        // Bytes of ISO-8859-1 in a header, undeclared: what a fax gateway of 2003 still sends.
        subject: rawBytes("Car scolaire : déviation de la ligne 12", "iso-8859-1"),
        date: stamp.workday,
        body: text("Arrêt reporté place de la Mairie.\n", { charset: "iso-8859-1", encoding: "8bit" }),
      }),
  },
  {
    name: "inscription",
    to: "ce.0380001a",
    from: "a.benoit@familles.example",
    want: { folder: "Scolarité/Inscriptions" },
    build: (stamp) =>
      letter({
        from: parent("Aurélie Benoît", "a.benoit"),
        to: at("ce.0380001a"),
        subject: subject("Demande d'inscription en 6e – déménagement", "windows-1252", "Q"),
        date: stamp.workday,
        body: multipart("mixed", [
          text("Bonjour, nous emménageons en janvier. Je joins l’exeat de l’ancien collège.\n", {
            charset: "windows-1252",
          }),
          file({
            name: "exeat_benoît.jpg",
            type: "image/jpeg",
            content: new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16]),
            style: "rfc2047",
          }),
        ]),
      }),
  },
  {
    name: "lettre-parent",
    to: "ce.0380001a",
    from: "j.martin@familles.example",
    want: { folder: "Familles" },
    build: (stamp) =>
      letter({
        from: parent("Jean Martin", "j.martin"),
        to: at("ce.0380001a"),
        subject: pick(stamp, ["Question", "Carnet de correspondance", "Casier"]),
        date: stamp.workday,
        body: text(
          "Bonjour,\r\nmon fils a perdu la clé de son casier, à qui faut-il s'adresser ?\r\nMerci d'avance\r\n",
        ),
      }),
  },
  {
    name: "copie-eleve",
    to: "julien.faure",
    from: "lina.b@eleves.college-trois-sources.example",
    want: { folder: "Copies à corriger" },
    build: (stamp) =>
      letter({
        from: mailbox("Lina B.", "lina.b@eleves.college-trois-sources.example"),
        to: at("julien.faure"),
        subject: subject(`Rédaction n°${(stamp.serial % 6) + 1} : ma rédaction`, "utf-8", "Q"),
        date: stamp.workday,
        body: multipart("mixed", [
          text("Bonjour monsieur, voici mon texte.\n"),
          file({
            name: "rédaction.odt",
            type: "application/vnd.oasis.opendocument.text",
            content: "PK\u0003\u0004 un texte",
            style: "rfc2231",
          }),
        ]),
      }),
  },
  {
    name: "ecrit-samedi",
    to: "claire.moreau",
    from: "c.roux@familles.example",
    want: { folder: "À lire lundi" },
    build: (stamp) =>
      letter({
        from: parent("Céline Roux", "c.roux"),
        to: at("claire.moreau"),
        subject: subject("Exercices de géométrie", "utf-8"),
        date: stamp.saturday,
        body: text("Bonjour, nous bloquons sur l'exercice 4 de la page 112.\n"),
      }),
  },
  {
    name: "eleve-3eb",
    to: "claire.moreau",
    from: "n.haddad@familles.example",
    want: { folder: "Classes/3eB", flags: ["$Label1"] },
    build: (stamp) =>
      letter({
        from: parent("Nadia Haddad", "n.haddad"),
        to: at("claire.moreau"),
        subject: subject("Stage de 3ème B : convention à signer", "iso-8859-1", "B"),
        date: stamp.workday,
        body: text("Voici la convention, à signer avant vendredi.\n", { charset: "iso-8859-1" }),
      }),
  },
  {
    name: "pai",
    to: "infirmerie.0380001a",
    from: "e.fontaine@familles.example",
    want: { folder: "PAI", flags: ["\\Flagged"] },
    build: (stamp) =>
      letter({
        from: parent("Élodie Fontaine", "e.fontaine"),
        to: at("infirmerie.0380001a"),
        subject: subject("Projet d'accueil individualisé de Tom", "utf-8", "B"),
        date: stamp.workday,
        body: text("Bonjour, le protocole n'a pas changé depuis l'an dernier.\n"),
      }),
  },
  {
    name: "vaccin",
    to: "infirmerie.0380001a",
    from: "h.silva@familles.example",
    want: { folder: "Vaccinations" },
    build: (stamp) =>
      letter({
        from: parent("Hugo Silva", "h.silva"),
        to: at("infirmerie.0380001a"),
        subject: "Photo",
        date: stamp.workday,
        body: multipart("mixed", [
          text("Bonjour,\n\nci-joint une photo du carnet de santé de mon fils.\n"),
          file({ name: "carnet.png", type: "image/png", content: new Uint8Array([0x89, 0x50, 0x4e, 0x47]) }),
        ]),
      }),
  },
  {
    name: "piece-medicale",
    to: "infirmerie.0380001a",
    from: "k.weber@familles.example",
    want: { folder: "Pièces reçues" },
    build: (stamp) =>
      letter({
        from: parent("K. Weber", "k.weber"),
        to: at("infirmerie.0380001a"),
        subject: subject("Ordonnance", "utf-8"),
        date: stamp.workday,
        body: multipart("mixed", [
          text("Voir la pièce jointe.\n"),
          file({ name: "ordonnance.pdf", type: "application/pdf", content: "%PDF-1.4\n" }),
        ]),
      }),
  },
];
