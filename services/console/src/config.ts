import { isIP } from "node:net";
import { filePath } from "@tamis/kit";
import { attachmentsSection } from "@tamis/store";
import { isTimeZone } from "@tamis/when";
import { z } from "zod";
import { listRight } from "./lists/list-rights.ts";

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

const listener = z.strictObject({
  host: z.string().min(1).default("127.0.0.1").describe("address to listen on"),
  port: z.int().min(1).max(65_535).default(8443).describe("port"),
});

const address = z.string().regex(/^[^\s@]+@[^\s@]+$/, "not a mail address");

const network = z
  .string()
  .refine((text) => {
    const [ip = "", bits, ...more] = text.split("/");
    const most = isIP(ip) === 4 ? 32 : 128;
    return (
      isIP(ip) !== 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
    );
  }, "not an address or a network: 10.0.0.0/8")
  .describe("an address, or a network");

/** Of the section `outbox`, what is answered here; all else is its owner's, and is not read. */
export const linkedConfig = z.object({
  circulars: z
    .object({ attachments: attachmentsSection.optional(), unsubscribe_base: z.string().optional() })
    .optional(),
});

/** The section `console` of `tamis.yaml`. */
export const consoleConfig = z
  .strictObject({
    url: z
      .string()
      .regex(/^https?:\/\/[^/\s@?#]+$/, "not `https://console.example.org`, without a path")
      .refine(
        (text) => URL.canParse(text) && new URL(text).origin === text,
        "not as browsers write it: lower case, without the usual port",
      )
      .describe("how it is seen from outside"),
    listen: z
      .array(listener)
      .min(1)
      .default([{ host: "127.0.0.1", port: 8443 }])
      .describe("where HTTP is spoken"),
    cert_file: filePath(
      "the certificate of the name in `url`, with its chain (PEM); read again when it changes",
    ).optional(),
    key_file: filePath("the key of the certificate (PEM)").optional(),
    trusted_proxies: z
      .array(network)
      .default([])
      .describe("reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed"),
    senders: z
      .union([z.literal("everybody"), z.array(address)])
      .default([])
      .describe("accounts that may write circulars here"),
    lists: z
      .array(listRight)
      .default([])
      .describe("which lists of `outbox.lists` senders may write to; those not named are the operators' alone"),
    operators: z.array(address).default([]).describe("accounts that may say whom no circular is sent to"),
    language: z
      .enum(["en", "fr"])
      .default("en")
      .describe("where neither a person, nor a browser, nor the account says which"),
    time_zone: z
      .string()
      .refine(isTimeZone, "not a time zone (IANA)")
      .default(() => Intl.DateTimeFormat().resolvedOptions().timeZone)
      .describe("of times on the pages"),
    session_hours: z.number().min(0.1).max(167).default(12).describe("how long a browser stays signed in"),
    max_body_bytes: z
      .int()
      .min(65_536)
      .max(268_435_456)
      .default(33_554_432)
      .describe("of one request: a circular with its attachments"),
    downloads: z.int().min(1).max(10_000).default(200).describe("large attachments that are handed out at once"),
    connections: z.int().min(1).max(100_000).default(1000).describe("connections at once"),
    connections_per_address: z
      .int()
      .min(1)
      .max(100_000)
      .default(100)
      .describe("connections at once of one address that is no trusted proxy"),
  })
  .superRefine(({ url, listen, cert_file: cert, key_file: key, trusted_proxies: proxies }, context) => {
    const fault = (path: string, message: string, mend: string): void =>
      context.addIssue({ code: "custom", path: [path], message, params: { mend } });
    if ((cert === undefined) !== (key === undefined))
      fault(cert === undefined ? "cert_file" : "key_file", "missing", "`cert_file` and `key_file` go together");
    const isLocal = listen.every(({ host }) => LOOPBACK.has(host));
    if (cert === undefined && !isLocal && proxies.length === 0)
      fault(
        "listen",
        "passwords would come in the clear",
        "give `cert_file` and `key_file`, or `trusted_proxies`, or listen on 127.0.0.1",
      );
    if (url.startsWith("http:") && !LOOPBACK.has(new URL(url).hostname.replace(/^\[|\]$/g, "")))
      fault("url", "passwords would come in the clear", "https://, but for a try on this machine");
    if (url.startsWith("http:") && cert !== undefined)
      fault("url", "there is a certificate, and the address is http://", "write https://");
  })
  .describe("pages and API over HTTP");
