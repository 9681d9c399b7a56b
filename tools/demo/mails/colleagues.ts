import { file, html, mailbox, multipart, subject, text } from "./compose.ts";
import { letter, pick, type Sample, STAFF } from "./sample.ts";

const at = (local: string): string => `${local}@${STAFF}`;

/** What colleagues, suppliers and machines write, in French. */
export const colleagues: readonly Sample[] = [
  {
    name: "sortie-classe",
    to: "karim.benali",
    from: at("thomas.leroy"),
    want: { folder: "Classes/5eC" },
    build: (stamp) =>
      letter({
        from: mailbox("Thomas Leroy", at("thomas.leroy")),
        to: at("karim.benali"),
        subject: subject("[5eC] Sortie au muséum : liste des accompagnateurs", "utf-8", "Q"),
        date: stamp.workday,
        body: text("Départ 8 h 15 devant la grille.\n"),
      }),
  },
  {
    name: "remplacement",
    to: "karim.benali",
    from: "noreply@remplacements.example",
    want: { folder: "Absences", flags: ["$Absence"] },
    build: (stamp) =>
      letter({
        from: "noreply@remplacements.example",
        to: at("karim.benali"),
        subject: subject("Suppléance pourvue", "utf-8", "B"),
        date: stamp.workday,
        more: [["X-Logiciel", "remplacements"]],
        body: html("<table><tr><td>Lettres</td><td>pourvue</td></tr></table>"),
      }),
  },
  {
    name: "reponse-automatique",
    to: "ce.0380001a",
    from: "mairie@trois-sources.example",
    want: { folder: "Trash" },
    build: (stamp) =>
      letter({
        from: mailbox("Mairie des Trois-Sources", "mairie@trois-sources.example"),
        to: at("ce.0380001a"),
        subject: subject("Réponse automatique : salle des fêtes", "utf-8", "Q"),
        date: stamp.workday,
        more: [
          ["Auto-Submitted", "auto-replied"],
          ["Precedence", "bulk"],
        ],
        body: text("Le service est fermé le mercredi.\n"),
      }),
  },
  {
    name: "non-remis",
    to: "ce.0380001a",
    from: "",
    want: { folder: "Non remis" },
    build: (stamp) =>
      letter({
        from: mailbox("Mail Delivery System", "mailer-daemon@relais.example"),
        to: at("ce.0380001a"),
        subject: "Undelivered Mail Returned to Sender",
        date: stamp.workday,
        body: multipart(
          "report",
          [
            text("The mail could not be delivered to one recipient.\n", { charset: "us-ascii", encoding: "7bit" }),
            {
              header: [["Content-Type", "message/delivery-status"]],
              body: Buffer.from(
                "Reporting-MTA: dns; relais.example\r\n\r\nFinal-Recipient: rfc822; ancien@familles.example\r\nAction: failed\r\nStatus: 5.1.1\r\n",
              ),
            },
          ],
          "; report-type=delivery-status",
        ),
      }),
  },
  {
    name: "facture-papeterie",
    to: "int.0380001a",
    from: "compta@papeterie.example",
    want: { folder: "Comptabilité/Factures", flags: ["$Facture"] },
    build: (stamp) =>
      letter({
        from: mailbox("Papeterie Delta", "compta@papeterie.example"),
        to: at("int.0380001a"),
        subject: `Facture FA-2026-${String(stamp.serial).padStart(5, "0")}`,
        date: stamp.workday,
        body: multipart("mixed", [
          text("Veuillez trouver ci-joint notre facture.\n", { charset: "iso-8859-1" }),
          file({ name: "FA-2026.pdf", type: "application/pdf", content: "%PDF-1.4\n%FACTURE\n" }),
        ]),
      }),
  },
  {
    name: "facture-sans-objet",
    to: "int.0380001a",
    from: "scan@copieur.example",
    want: { folder: "Comptabilité/Factures", flags: ["$Facture"] },
    build: (stamp) =>
      letter({
        from: "scan@copieur.example",
        to: at("int.0380001a"),
        subject: "Message from KM_C258",
        date: stamp.workday,
        body: multipart("mixed", [
          text("\n", { charset: "us-ascii", encoding: "7bit" }),
          file({
            name: "SKM_C258.txt",
            type: "application/octet-stream",
            content: "LIBRAIRIE DU PARC\nFACTURE 8812\n",
          }),
        ]),
      }),
  },
  {
    name: "devis-euro",
    to: "int.0380001a",
    from: "devis@chauffage.example",
    want: { folder: "Comptabilité/Devis" },
    build: (stamp) =>
      letter({
        from: mailbox("Chauffage Belledonne", "devis@chauffage.example"),
        to: at("int.0380001a"),
        // The euro sign is 0x80 in windows-1252 and 0xA4 in ISO-8859-15.
        subject: subject(
          "Votre devis : 1 240 € HT",
          pick(stamp, ["windows-1252", "iso-8859-15", "utf-8"]),
          pick(stamp, ["B", "Q"]),
        ),
        date: stamp.workday,
        body: text("Devis valable trois mois.\n"),
      }),
  },
  {
    name: "menu-cantine",
    to: "int.0380001a",
    from: "cuisine@restauration.example",
    want: { folder: "Demi-pension" },
    build: (stamp) =>
      letter({
        from: mailbox("Cuisine centrale", "cuisine@restauration.example"),
        to: at("int.0380001a"),
        subject: "Menu de la semaine",
        date: stamp.workday,
        body: multipart("related", [
          html('<p>Lundi : gratin dauphinois <img src="cid:menu@restauration.example"></p>', {
            charset: "windows-1252",
          }),
          file({ name: "menu.gif", type: "image/gif", content: "GIF89a", inline: true }),
        ]),
      }),
  },
  {
    name: "plans-lourds",
    to: "int.0380001a",
    from: "plans@architecte.example",
    want: { folder: "Lourds" },
    build: (stamp) =>
      letter({
        from: mailbox("Cabinet d'architectes", "plans@architecte.example"),
        to: at("int.0380001a"),
        subject: "Plans du gymnase",
        date: stamp.workday,
        body: multipart("mixed", [
          text("Les plans en grand format.\n"),
          file({ name: "gymnase.dwg", type: "image/vnd.dwg", content: Buffer.alloc(180_000, "AC1027 plan ") }),
        ]),
      }),
  },
  {
    // Longer than what travels whole: the rule below a size test must still see the end of the body.
    name: "dossier-tres-lourd",
    to: "julien.faure",
    from: at("sofia.rossi"),
    want: { folder: "Club théâtre" },
    build: (stamp) =>
      letter({
        from: mailbox("Sofia Rossi", at("sofia.rossi")),
        to: at("julien.faure"),
        subject: "Photos de juin",
        date: stamp.workday,
        body: multipart("mixed", [
          file({ name: "photos.zip", type: "application/zip", content: Buffer.alloc(330_000, "PK photos ") }),
          text("Les photos de la représentation de juin, pour l'affiche.\n"),
        ]),
      }),
  },
  {
    name: "theatre",
    to: "julien.faure",
    from: at("nathalie.petit"),
    want: { folder: "Club théâtre" },
    build: (stamp) =>
      letter({
        from: mailbox("Nathalie Petit", at("nathalie.petit")),
        to: at("julien.faure"),
        subject: "Jeudi",
        date: stamp.workday,
        body: html(
          "<html><body><p>La r&eacute;p&eacute;tition de jeudi est d&eacute;plac&eacute;e, les costumes sont arriv&eacute;s.</p></body></html>",
          {
            charset: "us-ascii",
            encoding: "7bit",
          },
        ),
      }),
  },
  {
    name: "emprunt-cdi",
    to: "cdi.0380001a",
    from: at("claire.moreau"),
    want: { folder: "Prêts" },
    build: (stamp) =>
      letter({
        from: mailbox("Claire Moreau", at("claire.moreau")),
        to: at("cdi.0380001a"),
        subject: subject("Réservation de la salle informatique, prêt de 30 tablettes", "utf-8", "Q"),
        date: stamp.workday,
        body: text("Pour la 3eB, mardi en M3.\n"),
      }),
  },
  {
    name: "librairie",
    to: "cdi.0380001a",
    from: "commandes@librairie-du-parc.example",
    want: { folder: "Commandes" },
    build: (stamp) =>
      letter({
        from: mailbox("Librairie du Parc", "commandes@librairie-du-parc.example"),
        to: at("cdi.0380001a"),
        subject: subject("Votre commande est arrivée", "iso-8859-1", "Q"),
        date: stamp.workday,
        body: text("Elle vous attend au comptoir.\n", { charset: "iso-8859-1", encoding: "8bit" }),
      }),
  },
  {
    name: "fournisseur-svt",
    to: "thomas.leroy",
    from: "ventes@labo-sciences.example",
    want: { folder: "Fournisseurs" },
    build: (stamp) =>
      letter({
        from: mailbox("Labo-Sciences", "ventes@labo-sciences.example"),
        to: at("thomas.leroy"),
        subject: subject("Loupes binoculaires : nouveaux modèles", "utf-8", "B"),
        date: stamp.workday,
        body: text("Catalogue sur demande.\n"),
      }),
  },
  {
    name: "sortie-geologie",
    to: "thomas.leroy",
    from: at("karim.benali"),
    want: { folder: "Sorties" },
    build: (stamp) =>
      letter({
        from: mailbox("Karim Benali", at("karim.benali")),
        to: at("thomas.leroy"),
        subject: subject("Ta sortie géologie : bus confirmé", "utf-8"),
        date: stamp.workday,
        body: text("Le bus est confirmé pour le 12.\n"),
      }),
  },
  {
    name: "conge-personnel",
    to: "thomas.leroy",
    from: at("helene.marchand"),
    want: { folder: "INBOX" },
    build: (stamp) =>
      letter({
        from: mailbox("Hélène Marchand", at("helene.marchand")),
        to: at("thomas.leroy"),
        subject: "Votre demande de mardi",
        date: stamp.workday,
        body: text("C'est d'accord.\n\nH. Marchand\n"),
      }),
  },
  {
    name: "sans-regle",
    to: "paul.girard",
    from: at("karim.benali"),
    want: { folder: "INBOX" },
    build: (stamp) =>
      letter({
        from: mailbox("Karim Benali", at("karim.benali")),
        to: at("paul.girard"),
        subject: pick(stamp, ["Gymnase", "UNSS mercredi", "Cross de novembre"]),
        date: stamp.workday,
        body: text("Le gymnase est libre à 10 h.\n"),
      }),
  },
];
