import { file, html, mailbox, multipart, subject, text } from "./compose.ts";
import { letter, pick, RECTORAT, type Sample, STAFF } from "./sample.ts";

const secretariat = mailbox("Secrétariat général", `sg@${RECTORAT}`, "iso-8859-1");
const at = (local: string): string => `${local}@${STAFF}`;

/** A file that looks like a PDF to whoever looks at its first bytes. */
const pdf = (title: string): string =>
  `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n% ${title}\n%%EOF\n`;

/** Circulars and letters of the rectorat, and what the school's own administration writes. */
export const rectorat: readonly Sample[] = [
  {
    name: "circulaire-rentree",
    to: "helene.marchand",
    from: `sg@${RECTORAT}`,
    want: { folder: "Rectorat/Circulaires" },
    build: (stamp) =>
      letter({
        from: secretariat,
        to: mailbox("Chefs d'établissement", `chefs-etablissement@${RECTORAT}`, "iso-8859-1"),
        subject: subject(`Circulaire n° ${120 + stamp.serial} : préparation de la rentrée`, "iso-8859-1", "Q"),
        date: stamp.workday,
        body: multipart("mixed", [
          text(
            "Mesdames et Messieurs les chefs d'établissement,\n\nVous trouverez ci-joint la circulaire relative à la préparation de la rentrée.\nLes remontées sont attendues sous quinzaine.\n\nLe secrétaire général\n",
            { charset: "iso-8859-1" },
          ),
          file({
            name: "Circulaire préparation de la rentrée – annexe 1.pdf",
            type: "application/pdf",
            content: pdf("Circulaire"),
            style: "rfc2231",
          }),
        ]),
      }),
  },
  {
    name: "circulaire-urgente",
    to: "helene.marchand",
    from: `sg@${RECTORAT}`,
    want: { folder: "Rectorat/Circulaires", flags: ["\\Flagged"] },
    build: (stamp) =>
      letter({
        from: secretariat,
        to: at("helene.marchand"),
        subject: subject("URGENT - Note de service : vigilance météo orange", "windows-1252", "B"),
        date: stamp.workday,
        more: [
          ["X-Priority", "1 (Highest)"],
          ["Importance", "high"],
        ],
        body: text(
          "Le préfet place le département en vigilance orange – neige et verglas.\nLes transports scolaires sont suspendus demain jusqu’à 10 h.\n",
          { charset: "windows-1252", encoding: "8bit" },
        ),
      }),
  },
  {
    name: "rectorat-dotation",
    to: "helene.marchand",
    from: `dos@${RECTORAT}`,
    want: { folder: "Rectorat" },
    build: (stamp) =>
      letter({
        from: mailbox("Division de l'organisation scolaire", `dos@dos.${RECTORAT}`),
        to: at("helene.marchand"),
        subject: subject("Dotation horaire globale : réunion de cadrage", "utf-8", "Q"),
        date: stamp.workday,
        body: multipart("alternative", [
          text("Madame la Principale,\n\nLa réunion de cadrage est fixée à mardi, 14 h.\n"),
          html("<p>Madame la Principale,</p><p>La réunion de cadrage est fixée à <b>mardi, 14&nbsp;h</b>.</p>"),
        ]),
      }),
  },
  {
    name: "conseil-administration",
    to: "helene.marchand",
    from: at("int.0380001a"),
    want: { folder: "INBOX", flags: ["$Label2"], copies: ["Conseils"] },
    build: (stamp) =>
      letter({
        from: mailbox("Intendance – Collège des Trois-Sources", at("int.0380001a")),
        to: at("helene.marchand"),
        subject: subject("Ordre du jour du conseil d'administration", "utf-8"),
        date: stamp.workday,
        body: text("Voici l'ordre du jour : budget rectificatif, sorties, questions diverses.\n"),
      }),
  },
  {
    name: "rectorat-enquete",
    to: "ce.0380001a",
    from: `enquetes@${RECTORAT}`,
    want: { folder: "INBOX", flags: ["\\Flagged"], copies: ["Direction/À voir"] },
    build: (stamp) =>
      letter({
        from: mailbox("Service statistique", `enquetes@${RECTORAT}`),
        to: at("ce.0380001a"),
        subject: subject(`Enquête lourde n° ${stamp.serial + 1} : effectifs par division`, "iso-8859-1", "B"),
        date: stamp.workday,
        body: multipart("mixed", [
          text("Merci de renvoyer le tableau complété avant vendredi.\n", { charset: "iso-8859-1", encoding: "8bit" }),
          file({
            name: "effectifs_par_division_et_par_regime_college_des_trois_sources_à_compléter.csv",
            type: "text/csv; charset=iso-8859-1",
            content: "division;effectif\r\n3eA;27\r\n3eB;28\r\n",
            style: "rfc2231-pieces",
          }),
        ]),
      }),
  },
  {
    name: "brevet-sujets",
    to: "karim.benali",
    from: `dec@${RECTORAT}`,
    want: { folder: "Examens" },
    build: (stamp) =>
      letter({
        from: mailbox("Division des examens et concours", `dec@${RECTORAT}`),
        to: at("karim.benali"),
        subject: "DNB : acheminement des sujets",
        date: stamp.workday,
        body: text("Les sujets du DNB seront livrés sous pli scellé.\n", { encoding: "base64" }),
      }),
  },
  {
    name: "absence-professeur",
    to: "karim.benali",
    from: at("thomas.leroy"),
    want: { folder: "Absences", flags: ["$Absence"] },
    build: (stamp) =>
      letter({
        from: mailbox("Thomas Leroy", at("thomas.leroy")),
        to: at("karim.benali"),
        subject: pick(stamp, ["Absence de M. Leroy jeudi", "Absence : M. Leroy, formation"]),
        date: stamp.workday,
        body: text("Bonjour Karim,\n\nJe serai en formation jeudi toute la journée.\n\nThomas\n"),
      }),
  },
  {
    name: "reunion-tous",
    to: "karim.benali",
    from: at("helene.marchand"),
    want: { folder: "Diffusions" },
    build: (stamp) =>
      letter({
        from: mailbox("Hélène Marchand", at("helene.marchand"), "iso-8859-15"),
        to: [
          "karim.benali",
          "claire.moreau",
          "julien.faure",
          "emily.watson",
          "sofia.rossi",
          "david.nguyen",
          "nathalie.petit",
          "thomas.leroy",
          "paul.girard",
        ]
          .map(at)
          .join(",\r\n "),
        subject: subject("Réunion plénière", "iso-8859-15", "Q"),
        date: stamp.workday,
        body: text("Chers collègues,\n\nla réunion plénière aura lieu en salle polyvalente.\n", {
          charset: "iso-8859-15",
        }),
      }),
  },
  {
    name: "passerelle-rectorat",
    to: "julien.faure",
    from: "inspection@lettres.example",
    want: { folder: "Rectorat" },
    build: (stamp) =>
      letter({
        from: mailbox("Inspection de lettres", "inspection@lettres.example"),
        to: at("julien.faure"),
        subject: subject("Réseau des référents : inscriptions", "utf-8", "B"),
        date: stamp.workday,
        more: [
          ["Received", `from relais.example by mail.${STAFF} with ESMTPS;\r\n Mon, 2 Nov 2026 08:00:02 +0100`],
          ["Received", `from mx.${RECTORAT} by relais.example with ESMTPS;\r\n Mon, 2 Nov 2026 08:00:01 +0100`],
        ],
        body: text("Les inscriptions au réseau sont ouvertes.\n"),
      }),
  },
];
