/** Reports in the shapes in which the programs of the world write them: their structure and fields, in words of ours. */

/** What a sample is about. */
export interface Reported {
  /** Of the address it is sent to: a token, or anything. */
  readonly token: string;
  /** With angle brackets. */
  readonly messageId: string;
  readonly recipient: string;
}

export interface ReportSample {
  readonly name: string;
  readonly kind: "dsn" | "mdn" | "arf" | "auto-reply";
  /** Of a delivery report, where it is not plain. */
  readonly action?: string;
  /** It says neither of which mail nor of whose: it has its token alone. */
  readonly names?: "nobody";
  readonly text: (reported: Reported) => string;
}

export const multipart = (type: string, ...parts: readonly (readonly string[])[]): readonly string[] => [
  "MIME-Version: 1.0",
  `Content-Type: multipart/report; report-type=${type};`,
  '\tboundary="=_report"',
  "",
  ...parts.flatMap((part) => ["--=_report", ...part, ""]),
  "--=_report--",
  "",
];

export const words = (text: string): readonly string[] => ["Content-Type: text/plain; charset=utf-8", "", text];

export const mail = (header: readonly string[], rest: readonly string[]): string => [...header, ...rest].join("\n");

export const bounceTo = ({ token }: Reported): string => `retours+${token}@academie.example`;

export const returnedHeaders = (
  { messageId, recipient }: Reported,
  type = "text/rfc822-headers",
): readonly string[] => [
  `Content-Type: ${type}`,
  "",
  `Message-ID: ${messageId}`,
  "From: Rectorat <rectorat@academie.example>",
  `To: ${recipient}`,
  "Subject: Rentrée",
];
