import { toPath } from "./address.ts";
import { hasEightBit } from "./data-block.ts";
import type { DeliverBy, DsnRequest, OutgoingMail, RecipientDsn } from "./outgoing-mail.ts";
import type { SmtpSession } from "./session.ts";

type Offers = Pick<SmtpSession, "offers" | "parameterOf">;

/** RFC 5321 §4.1.1.2 with the parameters that the server offers and the mail needs. */
export function mailCommand(session: Offers, mail: OutgoingMail, now: number): string {
  const paths = [mail.from ?? "", ...mail.recipients.map(({ address }) => address)].map(toPath);
  const parameters = [
    session.offers("SIZE") ? `SIZE=${mail.octets.length}` : null,
    hasEightBit(mail.octets) ? "BODY=8BITMIME" : null,
    mail.isUtf8 === true || paths.some((path) => path?.needsUtf8 === true) ? "SMTPUTF8" : null,
    ...(mail.dsn !== null && session.offers("DSN")
      ? [
          mail.dsn.ret === undefined ? null : `RET=${mail.dsn.ret}`,
          mail.envelopeId === null ? null : `ENVID=${xtext(mail.envelopeId)}`,
        ]
      : []),
    deliverByParameter(session, mail.deliverBy, now),
  ];
  const from = mail.from === null ? "" : (toPath(mail.from)?.text ?? "");
  return [`MAIL FROM:<${from}>`, ...parameters.filter((parameter) => parameter !== null)].join(" ");
}

/** RFC 5321 §4.1.1.3; RFC 3461 §4.1 NOTIFY, §4.2 ORCPT. */
export function recipientCommand(session: Offers, address: string, dsn: DsnRequest | null): string {
  const path = toPath(address);
  const text = path?.text ?? "";
  if (dsn === null || !session.offers("DSN")) return `RCPT TO:<${text}>`;
  const own: RecipientDsn = dsn.recipients?.[address] ?? (dsn.recipients === undefined ? { notify: dsn.notify } : {});
  const notify = notifyValue(own.notify);
  return [
    `RCPT TO:<${text}>`,
    ...(notify === null ? [] : [`NOTIFY=${notify}`]),
    // RFC 6533 §3 has another form for addresses that are not ASCII; the server makes its own then.
    ...orcptParameter(own.orcpt ?? (path?.needsUtf8 === false ? `rfc822;${text}` : undefined)),
  ].join(" ");
}

function orcptParameter(orcpt: string | undefined): readonly string[] {
  if (orcpt === undefined) return [];
  const semicolon = orcpt.indexOf(";");
  return [`ORCPT=${orcpt.slice(0, semicolon)};${xtext(orcpt.slice(semicolon + 1))}`];
}

const NOTIFY = ["SUCCESS", "FAILURE", "DELAY"] as const;

/** NEVER stands alone; what is no keyword is left out. */
function notifyValue(asked: readonly string[] | undefined): string | null {
  const words = new Set((asked ?? []).map((word) => word.toUpperCase()));
  if (words.has("NEVER")) return "NEVER";
  const known = NOTIFY.filter((word) => words.has(word));
  return known.length === 0 ? null : known.join(",");
}

/** RFC 2852 §4: seconds from now; the server's least time is for mode return. */
function deliverByParameter(session: Offers, deliverBy: DeliverBy | null, now: number): string | null {
  if (deliverBy === null || !session.offers("DELIVERBY")) return null;
  const least = Number(session.parameterOf("DELIVERBY")) || 1;
  const seconds = Math.round((deliverBy.time - now) / 1000);
  const mode = deliverBy.mode === "return" ? "R" : "N";
  const by = mode === "R" ? Math.max(least, seconds) : seconds;
  return `BY=${Math.max(-999_999_999, Math.min(999_999_999, by))};${mode}${deliverBy.trace ? "T" : ""}`;
}

/** RFC 3461 §4: printable ASCII as it is, except + and =. */
export function xtext(text: string): string {
  return [...Buffer.from(text)]
    .map((octet) =>
      octet > 32 && octet < 127 && octet !== 0x2b && octet !== 0x3d
        ? String.fromCharCode(octet)
        : `+${octet.toString(16).toUpperCase().padStart(2, "0")}`,
    )
    .join("");
}
