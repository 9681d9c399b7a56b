import { signLink, type TokenKeys } from "@tamis/tokens";
import type { Language } from "../../texts.ts";
import { attachmentTexts, dayText, sizeText } from "./attachment-texts.ts";
import type { KeptLink } from "./kept-draft.ts";

/** What stands below the text of a mail. */
export interface PostscriptParts {
  readonly links: readonly KeptLink[];
  /** The name of the encrypted archive that comes with the mail, or by a link of it. */
  readonly archive: string | null;
}

export interface PostscriptOptions {
  readonly keys: TokenKeys;
  readonly language: Language;
  /** When the mail is made: links work for their days from then. */
  readonly now: Date;
  /** Whether each recipient has links of their own. */
  readonly tracked: boolean;
}

export interface Postscript {
  /** As it goes into a draft; null where there is nothing to say. */
  readonly texts: { readonly text: string; readonly html: string } | null;
  /** The values of the fields in it, for one recipient. */
  readonly fieldsFor: (recipient: number) => Readonly<Record<string, string>>;
}

const DAY_MS = 86_400_000;
/** Where a day ends last: twelve hours after it has ended in UTC. */
const LAST_ZONE_MS = DAY_MS / 2;

/** The links of a mail and what is to be known of its archive, in text and HTML. */
export function postscript({ links, archive }: PostscriptParts, options: PostscriptOptions): Postscript {
  const { language } = options;
  const read = links.map((link, index) => linked(link, `tamis:link:${index}`, options));
  const note = archive === null ? null : attachmentTexts.archive[language].replace("{filename}", archive);
  if (read.length === 0 && note === null) return { texts: null, fieldsFor: () => ({}) };
  const head = attachmentTexts.links[language];
  const text = [
    ...(note === null ? [] : [asText(note)]),
    ...(read.length === 0 ? [] : [[head, ...read.flatMap((one) => ["", ...one.lines])].join("\n")]),
  ].join("\n\n");
  const html = [
    ...(note === null ? [] : [`<p>${asHtml(note)}</p>`]),
    ...(read.length === 0 ? [] : [`<p>${asHtml(head)}</p>`, ...read.map((one) => one.html)]),
  ].join("\n");
  return {
    texts: { text: `----------\n${text}\n`, html: `<hr>\n${html}\n` },
    fieldsFor: (recipient) => Object.assign({}, ...read.map((one) => one.fieldFor(recipient))),
  };
}

function linked(link: KeptLink, field: string, { keys, language, now, tracked }: PostscriptOptions) {
  const { filename, size, sha256, url, object, days } = link;
  const lastDay = new Date(Math.floor(now.getTime() / DAY_MS + days) * DAY_MS);
  const expiresAt = lastDay.getTime() + DAY_MS + LAST_ZONE_MS;
  const token = (recipient: string | null): string => signLink({ object, filename, expiresAt, recipient }, keys);
  const address = `${url}/${tracked ? `{{${field}}}` : token(null)}/${pathPart(filename)}`;
  const until = attachmentTexts.until[language].replace("{day}", dayText(lastDay, language));
  const about = [sizeText(size, language), until].join(", ");
  return {
    lines: [asText(`${filename} (${about})`), address, `SHA-256: ${sha256}`],
    html: `<p><a href="${address}">${asHtml(filename)}</a> (${asHtml(about)})<br>\nSHA-256: <code>${sha256}</code></p>`,
    fieldFor: (recipient: number) => (tracked ? { [field]: token(String(recipient)) } : {}),
  };
}

/** RFC 3986 §3.3: nothing in it ends a URL in the eyes of a mail program. */
const pathPart = (filename: string): string =>
  encodeURIComponent(filename.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Two braces would begin a field. */
const asText = (text: string): string => text.replaceAll("{{", "\\{{");

const asHtml = (text: string): string =>
  asText(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
