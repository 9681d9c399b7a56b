import { mailbox, subject, text } from "./compose.ts";
import { AUTHSERV_ID, letter, pick, type Sample, STAFF } from "./sample.ts";

const at = (local: string): string => `${local}@${STAFF}`;
const SELLER = "commercial@fournitures.example";

/** Mail to someone who is away: only the first of them is answered. */
const toTheAway = (name: string, subjects: readonly [string, string], leaves: Sample["want"]["leaves"]): Sample => ({
  name,
  to: "emily.watson",
  from: at("david.nguyen"),
  want: { folder: "INBOX", ...(leaves && { leaves }) },
  build: (stamp) =>
    letter({
      from: mailbox("David Nguyen", at("david.nguyen")),
      to: at("emily.watson"),
      subject: pick(stamp, subjects),
      date: stamp.workday,
      body: text("Hello Emily,\n\ncould you tell me which room you need?\n\nDavid\n"),
    }),
});

/** Mail that makes other mail leave: a redirect, a reply, a rejection. */
export const leaving: readonly Sample[] = [
  {
    name: "club-lecture",
    to: "julien.faure",
    from: "mediatheque@trois-sources.example",
    want: { folder: "Trash", leaves: { kind: "redirect", to: at("cdi.0380001a") } },
    build: (stamp) =>
      letter({
        from: mailbox("Médiathèque des Trois-Sources", "mediatheque@trois-sources.example"),
        to: at("julien.faure"),
        subject: subject("Club lecture : rencontre avec une autrice", "iso-8859-1", "Q"),
        date: stamp.workday,
        body: text("Elle viendrait le jeudi à 17 h.\n", { charset: "iso-8859-1", encoding: "8bit" }),
      }),
  },
  toTheAway("away-first", ["Room for the speaking test", "Headphones"], { kind: "vacation", to: at("david.nguyen") }),
  toTheAway("away-again", ["Room for the speaking test (2)", "Headphones (2)"], undefined),
  {
    name: "demarchage",
    to: "karim.benali",
    from: SELLER,
    want: { folder: "Trash", leaves: { kind: "reject", to: SELLER } },
    build: (stamp) =>
      letter({
        from: mailbox("Fournitures et Cie", SELLER),
        to: at("karim.benali"),
        subject: subject("Offre exceptionnelle : 500 ramettes de papier", "utf-8", "B"),
        date: stamp.workday,
        // Only who is who he says he is is told: whoever else is named would be told for nothing.
        more: [["Authentication-Results", `${AUTHSERV_ID}; spf=pass smtp.mailfrom=${SELLER}`]],
        body: text("Dernier jour !\n"),
      }),
  },
];
