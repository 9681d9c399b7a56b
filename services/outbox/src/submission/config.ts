import { filePath } from "@tamis/kit";
import { z } from "zod";

const listener = z.strictObject({
  host: z.string().min(1).optional().describe("address to listen on; every address where none is named"),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .default(587)
    .describe("port (RFC 6409 §3.1; RFC 8314 §3.3 has 465 for implicit TLS)"),
  tls: z.enum(["starttls", "implicit"]).default("starttls").describe("how TLS begins; without it nobody signs in"),
});

/** `outbox.submission` of `tamis.yaml`: where people hand over what they write. */
export const submissionConfig = z
  .strictObject({
    listen: z
      .array(listener)
      .min(1)
      .default([
        { port: 587, tls: "starttls" },
        { port: 465, tls: "implicit" },
      ])
      .describe("where submission is spoken"),
    cert_file: filePath("the certificate of the service's name, with its chain (PEM); read again when it changes"),
    key_file: filePath("the key of the certificate (PEM)"),
    name: z
      .string()
      .regex(/^[A-Za-z0-9.-]{1,253}$/, "not a host name")
      .optional()
      .describe("our name in greetings, Received fields and reports; that of outbox.relay.name where none is given"),
    send_as: z
      .enum(["relay-user", "account-user", "account-address"])
      .default("relay-user")
      .describe("as whom the relay is told to send: its own user, or the author (SASL authorization identity)"),
    max_hold_days: z.number().min(0.01).max(1000).default(365).describe("how long a mail may be held (FUTURERELEASE)"),
    max_recipients: z.int().min(1).max(10_000).default(100).describe("recipients of one mail"),
    relay_connections: z.int().min(1).max(100).default(5).describe("connections of each process to the relay at once"),
    connections: z.int().min(1).max(100_000).default(1000).describe("connections at once"),
    connections_per_address: z.int().min(1).max(100_000).default(50).describe("connections at once of one address"),
    spool_bytes: z
      .int()
      .min(1024)
      .max(68_719_476_736)
      .default(268_435_456)
      .describe("octets of mails being taken in at once"),
    track_receipts: z
      .boolean()
      .default(false)
      .describe(
        "whether receipts that authors ask for come to a subaddress of theirs, with which they are proven; needs outbox.receipts",
      ),
    known_hours: z
      .number()
      .min(0.01)
      .max(720)
      .default(24)
      .describe("how long the same mail to the same recipients is known again"),
  })
  .describe("SMTP submission");

export type SubmissionConfig = Readonly<z.output<typeof submissionConfig>>;
