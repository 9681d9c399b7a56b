import { generateKeyPairSync } from "node:crypto";

/** A letter as an academy writes it, with four fields, in text and HTML: some 4 KiB as a mail. */
const PARAGRAPHS = [
  "La prérentrée des personnels de {{etablissement}} aura lieu le lundi 31 août à 8 h 30 dans la salle des actes.",
  "Vous y êtes attendu en qualité de {{fonction}}. L'emploi du temps provisoire vous sera remis à cette occasion ; les demandes de modification sont à adresser au secrétariat avant le vendredi suivant.",
  "Les formations aux premiers secours se poursuivent cette année. L'inscription se fait auprès du service de la formation continue, qui prend en charge les frais de déplacement selon les règles en vigueur.",
  "Nous rappelons que les certificats médicaux doivent parvenir au service de santé avant le 15 septembre, et que toute absence prévisible est à signaler au moins quarante-huit heures à l'avance.",
];

export const SUBJECT = "Prérentrée : {{prenom}}, ce qui vous attend";

export const TEXT = ["Bonjour {{prenom}},", ...PARAGRAPHS, "Bien cordialement,", "Le service du personnel"].join(
  "\n\n",
);

export const HTML = `<!doctype html><html lang="fr"><body style="font-family:sans-serif;max-width:40em">
<p>Bonjour {{prenom}},</p>
${PARAGRAPHS.map((text) => `<p style="line-height:1.4">${text}</p>`).join("\n")}
<p>Bien cordialement,<br>Le service du personnel</p>
<table style="border-top:1px solid #ccc;font-size:small"><tr><td>Rectorat</td><td>7, place Bir-Hakeim</td></tr></table>
</body></html>`;

export const SENDER = { address: "personnel@academie.example", name: "Service du personnel" } as const;

export interface LetterRecipient {
  readonly address: string;
  readonly name: string;
  readonly fields: Readonly<Record<"prenom" | "etablissement" | "fonction", string>>;
}

const FUNCTIONS = ["professeure de mathématiques", "conseiller principal d'éducation", "secrétaire", "chef de travaux"];

/** So many recipients, each with their own fields. */
export const recipients = (count: number): LetterRecipient[] =>
  Array.from({ length: count }, (_, index) => ({
    address: `prenom.nom-${index}@academie.example`,
    name: `Prénom Nom-${index}`,
    fields: {
      prenom: `Prénom-${index}`,
      etablissement: `collège n° ${index % 300}`,
      fonction: FUNCTIONS[index % FUNCTIONS.length] ?? "",
    },
  }));

/** RSA of 2048 bits, as most who sign have. */
export const dkimKey = (): string =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey;

export const DKIM = { domain: "academie.example", selector: "charge" } as const;
