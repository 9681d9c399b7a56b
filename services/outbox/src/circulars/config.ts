import { secret } from "@tamis/kit";
import { attachmentsSection } from "@tamis/store";
import { type OfficeHoursFault, readOfficeHours, renderOfficeHoursFault } from "@tamis/when";
import { z } from "zod";
import { toPath } from "../smtp/address.ts";
import { secretsConfig, sensitiveConfig } from "./attachments/config.ts";

const perMinute = z.int().min(1).max(1_000_000);
const address = z.string().refine((text) => toPath(text) !== null, "not an address");

const dkimKey = z
  .strictObject({
    domain: z.string().min(3).max(253).describe("whose signature it is: d="),
    selector: z.string().min(1).max(100).describe("names the key in DNS: s="),
    key: secret("the private key (PEM): RSA or Ed25519"),
  })
  .describe("a DKIM key");

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const FAULT_PLACES: Readonly<Record<OfficeHoursFault, string>> = {
  "no-days": "days",
  "bad-hours": "from",
  "unknown-zone": "zone",
  "bad-closed-day": "holidays",
};

const officeHours = z
  .strictObject({
    zone: z.string().max(100).describe("the time zone of their clocks (IANA)"),
    days: z
      .array(z.enum(WEEKDAYS))
      .readonly()
      .default(["mon", "tue", "wed", "thu", "fri"])
      .describe("days of the week"),
    from: z.string().max(5).default("08:00").describe("from that minute on"),
    to: z.string().max(5).default("18:00").describe("up to that minute"),
    holidays: z.array(z.string().max(10)).max(1000).readonly().default([]).describe("days without, as 2026-12-25"),
  })
  .transform(({ zone, days, from, to, holidays }) => ({
    ...{ zone, from, to },
    days: days.map((day) => WEEKDAYS.indexOf(day)),
    closed: holidays,
  }))
  .superRefine((hours, context) => {
    const read = readOfficeHours(hours);
    if (!read.ok)
      context.addIssue({
        code: "custom",
        path: [FAULT_PLACES[read.fault]],
        message: renderOfficeHoursFault(read.fault, "en"),
      });
  })
  .describe("when circulars may leave, where nothing else is said of them");

/** `outbox.circulars` of `tamis.yaml`. */
export const circularsConfig = z
  .strictObject({
    connections: z.int().min(1).max(100).default(10).describe("connections of each process for circulars at once"),
    per_domain_minute: z
      .record(z.string().min(1).max(253).toLowerCase(), perMinute)
      .default({})
      .describe("mails to a domain in a minute, at most, of all processes; `default` for those not named"),
    per_sender_minute: perMinute.optional().describe("mails of one account in a minute, at most, of all processes"),
    composed_bytes: z
      .int()
      .min(1_048_576)
      .max(4_294_967_296)
      // One of the longest that there may be (50 MiB), or as many as there are connections of those whose attachments are no links yet.
      .default(67_108_864)
      .describe("octets of composed mails in a process at once; mails up to 1 MiB are not counted"),
    from: z
      .array(address)
      .readonly()
      .default([])
      .describe("addresses that circulars may come from beside their owner's own"),
    domain: z
      .string()
      .regex(/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/, "not a domain")
      .optional()
      .describe("stands behind the @ of Message-IDs; the relay's `name`, or the machine's own, where none is given"),
    dkim: z.array(dkimKey).max(4).readonly().default([]).describe("what circulars are signed with"),
    unsubscribe_base: z
      .string()
      .regex(/^https:\/\/[^/\s@]+(\/[^/\s]+)*$/, "not `https://console.example.org`, without a slash at its end")
      .max(400)
      .optional()
      .describe("where `console` is seen from outside: circulars with a List-Id can then be left by a link of it"),
    unsubscribe_days: z
      .int()
      .min(1)
      .max(3650)
      .default(400)
      .describe("how long after its end the link of a circular works, in days"),
    undo_ms: z
      .int()
      .min(0)
      .max(3_600_000)
      .default(30_000)
      .describe(
        "how long a circular that leaves at once can be cancelled as a whole; three seconds less are shown, ms",
      ),
    grace_minutes: z
      .number()
      .min(0.01)
      .max(1440)
      .optional()
      .describe("how late a circular may begin without a word; `outbox.grace_minutes` where nothing else is said"),
    deadline_hours: z.number().min(0.01).max(720).default(24).describe("how long it is tried after its beginning"),
    attachments: attachmentsSection.optional(),
    sensitive: sensitiveConfig,
    secrets: secretsConfig,
    office_hours: officeHours.optional(),
  })
  .prefault({})
  .describe("circulars");

export type CircularsConfig = Readonly<z.output<typeof circularsConfig>>;
