import { compose, type Field, mailDate, type Part } from "./compose.ts";

/** The staff's domain. `.example` is reserved (RFC 2606): nothing of the demo can ever leave for a real address. */
export const STAFF = "academie.example";
/** Who says in Authentication-Results (RFC 8601) where a mail really comes from. */
export const AUTHSERV_ID = `mx.${STAFF}`;
export const RECTORAT = "rectorat.academie.example";

/** What makes two mails from one template differ. */
export type Stamp = {
  /** 0, 1, 2 … over the whole run. */
  readonly serial: number;
  /** Unique to this run: goes into each Message-ID. */
  readonly run: string;
  /** Now, or the Friday before on a weekend: a rule of the demo looks at the day. */
  readonly workday: Date;
  /** The last Saturday, in the morning. */
  readonly saturday: Date;
};

/** Where a mail must be in the end: declared beside each template, never computed from the rules. */
export type Want = {
  readonly folder: string;
  /** Flags and keywords that it must have there. */
  readonly flags?: readonly string[];
  /** Other folders that must hold a copy. */
  readonly copies?: readonly string[];
  /** What leaves because of it. */
  readonly leaves?: Leaving;
};

/** A mail that leaves, once, and to whom. */
export type Leaving = { readonly kind: "redirect" | "reject" | "vacation"; readonly to: string };

/** A template of one mail, written by us. */
export type Sample = {
  /** Names it in reports and in its Message-ID: letters, digits, hyphens. */
  readonly name: string;
  /** Local part of the account that it goes to. */
  readonly to: string;
  /** `+detail` of the address in RCPT TO. */
  readonly detail?: string;
  /** MAIL FROM; empty for a report. */
  readonly from: string;
  readonly want: Want;
  readonly build: (stamp: Stamp) => Buffer;
};

/** One mail ready to be delivered. */
export type Mail = {
  readonly sample: Sample;
  readonly messageId: string;
  readonly raw: Buffer;
};

export const messageIdOf = (sample: Sample, stamp: Stamp): string =>
  `<${sample.name}.${stamp.serial}.${stamp.run}@mail.example>`;

/** Builds the mail of a template; its Message-ID is added here, so that no template can forget it. */
export function makeMail(sample: Sample, stamp: Stamp): Mail {
  const messageId = messageIdOf(sample, stamp);
  return { sample, messageId, raw: Buffer.concat([Buffer.from(`Message-ID: ${messageId}\r\n`), sample.build(stamp)]) };
}

type Letter = {
  readonly from: string;
  readonly to: string;
  readonly subject: Field[1];
  readonly date: Date;
  /** More header fields, between Date and MIME-Version. */
  readonly more?: readonly Field[];
  readonly body: Part;
};

/** A mail with the fields that every mail has. */
export function letter(mail: Letter): Buffer {
  const fields: Field[] = [
    ["Date", mailDate(mail.date)],
    ["From", mail.from],
    ["To", mail.to],
    ["Subject", mail.subject],
    ...(mail.more ?? []),
  ];
  return compose(fields, mail.body);
}

/** One of `choices`, the next one at each mail. `choices` is not empty. */
export function pick<T>(stamp: Stamp, choices: readonly [T, ...T[]]): T {
  return choices[stamp.serial % choices.length] ?? choices[0];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The stamps of a run, from the time it is. Days are those of the zone +0100, in which the mails are dated. */
export function stampOf(serial: number, run: string, now: Date): Stamp {
  const local = new Date(now.getTime() + HOUR).getUTCDay();
  const sinceFriday = local === 6 ? 1 : local === 0 ? 2 : 0;
  const midnight = Math.floor((now.getTime() + HOUR) / DAY) * DAY - HOUR;
  const sinceSaturday = (local + 1) % 7;
  return {
    serial,
    run,
    workday: new Date(now.getTime() - sinceFriday * DAY),
    saturday: new Date(midnight - sinceSaturday * DAY + 9.5 * HOUR),
  };
}
