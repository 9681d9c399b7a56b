import { enclosed, html, mailbox, multipart, subject, text } from "./compose.ts";
import { letter, pick, RECTORAT, type Sample, STAFF } from "./sample.ts";

const at = (local: string): string => `${local}@${STAFF}`;

/** Discussion lists, newsletters and the mail that pretends. */
export const lists: readonly Sample[] = [
  {
    name: "liste-maths",
    to: "claire.moreau",
    from: "maths-bounces@listes.academie.example",
    want: { folder: "Listes/Maths" },
    build: (stamp) =>
      letter({
        from: mailbox("Un collègue", "collegue@autre-college.example"),
        to: "maths@listes.academie.example",
        subject: subject(
          pick(stamp, ["[maths] Progressions spiralées", "[maths] Calcul mental : vos rituels ?"]),
          "utf-8",
          "Q",
        ),
        date: stamp.workday,
        more: [
          ["List-Id", "Liste de discipline =?utf-8?Q?math=C3=A9matiques?= <maths.listes.academie.example>"],
          ["List-Post", "<mailto:maths@listes.academie.example>"],
          ["Precedence", "list"],
        ],
        body: text("Bonjour à toutes et tous,\n\nqui a déjà essayé en cinquième ?\n"),
      }),
  },
  {
    name: "kangourou",
    to: "claire.moreau",
    from: "contact@jeux-maths.example",
    want: { folder: "Concours" },
    build: (stamp) =>
      letter({
        from: mailbox("Jeux mathématiques", "contact@jeux-maths.example"),
        to: at("claire.moreau"),
        subject: subject("Rallye mathématique : ouverture des inscriptions", "windows-1252", "B"),
        date: stamp.workday,
        body: text("Les inscriptions sont ouvertes jusqu’au 15.\n", { charset: "windows-1252", encoding: "base64" }),
      }),
  },
  {
    name: "publicite-editeur",
    to: "julien.faure",
    from: "news@editeur-scolaire.example",
    want: { folder: "Publicité" },
    build: (stamp) =>
      letter({
        from: mailbox("Éditions du Préau", "news@editeur-scolaire.example"),
        to: at("julien.faure"),
        subject: subject("Découvrez nos nouveautés -30 %", "utf-8", "B"),
        date: stamp.workday,
        more: [
          ["List-Unsubscribe", "<https://editeur-scolaire.example/u>"],
          ["X-Mailing-Score", "12"],
        ],
        body: multipart("alternative", [
          text("Nos nouveautés de printemps.\n"),
          html("<html><body><h1>Nos nouveaut&#233;s</h1><p>de printemps</p></body></html>"),
        ]),
      }),
  },
  {
    name: "lettre-cdi",
    to: "cdi.0380001a",
    from: "bounce-771@lettres.docs-pour-tous.example",
    want: { folder: "Lettres/veille" },
    build: (stamp) =>
      letter({
        from: mailbox("Docs pour tous", "lettre@docs-pour-tous.example"),
        to: at("cdi.0380001a"),
        subject: subject(`La veille n° ${200 + stamp.serial} : éducation aux médias`, "utf-8", "Q"),
        date: stamp.workday,
        more: [
          ["List-Id", "<Veille.docs-pour-tous.example>"],
          ["List-Unsubscribe", "<mailto:u@docs-pour-tous.example>"],
        ],
        body: html("<p>Au sommaire&nbsp;: vérifier une image.</p>"),
      }),
  },
  {
    name: "syndicat",
    to: "thomas.leroy",
    from: "liste@syndicat.example",
    want: { folder: "Syndicat" },
    build: (stamp) =>
      letter({
        from: mailbox("Section académique", "liste@syndicat.example"),
        to: "adherents@syndicat.example",
        subject: subject("Mutations : permanence mercredi", "utf-8"),
        date: stamp.workday,
        more: [["List-Id", "Adherents <adherents.syndicat.example>"]],
        body: text("Permanence mercredi de 14 h à 17 h.\n"),
      }),
  },
  {
    name: "hameconnage",
    to: "helene.marchand",
    from: "support@messagerie-securite.example",
    want: { folder: "Junk", flags: ["$Phishing"] },
    build: (stamp) =>
      letter({
        from: mailbox("Support Académie", "support@messagerie-securite.example"),
        to: at("helene.marchand"),
        subject: subject("Action requise sur votre messagerie", "utf-8", "B"),
        date: stamp.workday,
        body: html(
          '<p>Votre compte sera suspendu. <a href="http://messagerie-securite.example/login">https://messagerie.academie.example</a></p>',
          { encoding: "base64" },
        ),
      }),
  },
  {
    name: "fausse-boite-pleine",
    to: "helene.marchand",
    from: "admin@quota.example",
    want: { folder: "Junk", flags: ["$Phishing"] },
    build: (stamp) =>
      letter({
        from: mailbox(`Rectorat <sg@${RECTORAT}>`.replace(/[<>]/g, ""), "admin@quota.example"),
        to: at("helene.marchand"),
        subject: subject("Votre boîte est pleine", "iso-8859-1", "Q"),
        date: stamp.workday,
        body: text("Cliquez ici pour obtenir 5 Go.\n", { charset: "us-ascii", encoding: "7bit" }),
      }),
  },
  {
    name: "urgence-adresse",
    to: "helene.marchand",
    detail: "urgence",
    from: at("nathalie.petit"),
    want: { folder: "INBOX", flags: ["\\Flagged", "$Label1"] },
    build: (stamp) =>
      letter({
        from: mailbox("Nathalie Petit", at("nathalie.petit")),
        to: `helene.marchand+urgence@${STAFF}`,
        subject: subject("Élève blessé au gymnase", "utf-8", "Q"),
        date: stamp.workday,
        body: text("Les pompiers sont prévenus, la famille aussi.\n"),
      }),
  },
  {
    name: "assistants-digest",
    to: "emily.watson",
    from: "assistants-bounces@lists.example",
    want: { folder: "Lists/Assistants", flags: ["$Digest"] },
    build: (stamp) =>
      letter({
        from: "assistants-request@lists.example",
        to: "assistants@lists.example",
        subject: `Assistants Digest, Vol 12, Issue ${stamp.serial + 1}`,
        date: stamp.workday,
        body: multipart("digest", [
          enclosed(
            letter({
              from: "a@assist.example",
              to: "assistants@lists.example",
              subject: "Flat to rent",
              date: stamp.workday,
              body: text("Two rooms.\n"),
            }),
          ),
          enclosed(
            letter({
              from: "b@assist.example",
              to: "assistants@lists.example",
              subject: "Games",
              date: stamp.workday,
              body: text("Taboo!\n"),
            }),
          ),
        ]),
      }),
  },
];
