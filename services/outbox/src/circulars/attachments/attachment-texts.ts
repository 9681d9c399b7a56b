import type { Language } from "../../texts.ts";

/** What readers are told below the text of a mail. */
export const attachmentTexts = {
  links: { en: "Attachments to be fetched:", fr: "Pièces jointes à télécharger :" },
  until: { en: "until {day}", fr: "jusqu'au {day}" },
  archive: {
    en: "{filename} is an encrypted archive (AES-256): 7-Zip, WinZip and Keka open it. Its password does not come by mail: the sender gives it to you in another way.",
    fr: "{filename} est une archive chiffrée (AES-256) : 7-Zip, WinZip et Keka l'ouvrent. Son mot de passe n'arrive pas par courriel : l'expéditeur vous le donne par une autre voie.",
  },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>;

/** Name of the archive. */
export const archiveName = { en: "attachments.zip", fr: "pieces-jointes.zip" } as const;

/** A day in words, `24 December 2026`. */
export const dayText = (day: Date, language: Language): string =>
  new Intl.DateTimeFormat(language === "fr" ? "fr-FR" : "en-GB", { dateStyle: "long", timeZone: "UTC" }).format(day);

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** `12.4 MB`, `12,4 Mo`. */
export function sizeText(octets: number, language: Language): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, octets)) / 3));
  const options = { style: "unit", unit: UNITS[power] ?? "byte", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(language === "fr" ? "fr-FR" : "en-GB", options).format(octets / 1000 ** power);
}
