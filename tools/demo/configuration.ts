import { stringify } from "yaml";
import { AUTHSERV_ID, STAFF } from "./mails/sample.ts";
import type { SchoolAccount } from "./school.ts";
import type { ServiceName } from "./services.ts";

/** What the generated `tamis.yaml` depends on. */
export type Places = {
  readonly natsUrl: string;
  readonly imapsPort: number;
  readonly certificate: string;
  readonly masterUser: string;
  readonly masterPassword: string;
  readonly masterSeparator: string;
  /** SMTP, without TLS: it takes what leaves. */
  readonly relayPort: number;
  readonly sieve: { readonly port: number; readonly certFile: string; readonly keyFile: string };
  /** Where the pages are. */
  readonly console: { readonly port: number; readonly language: "en" | "fr" };
  readonly servicePorts: ServicePorts;
};

/** Where each service answers /metrics, /livez and /readyz. */
export type ServicePorts = Readonly<Record<ServiceName, number>>;

/** The school's own mailbox gets the subaddresses of circulars. */
const REPORTS = `ce.0380001a@${STAFF}`;

/** A stream of mail goes on for hours, always to the same people. */
const OFTEN = { per_account_hour: 100_000, per_target_day: 100_000 };

const HEADING = "# Made by the demo for one run. README.md explains each setting.\n";

/** The `tamis.yaml` of a run: everything on loopback, certificates verified, mail really moved. */
export function configuration(places: Places, accounts: readonly SchoolAccount[]): string {
  const pages = `http://127.0.0.1:${places.console.port}`;
  const settings = {
    state_dir: "./state",
    nats: { servers: [places.natsUrl] },
    imap: {
      host: "127.0.0.1",
      port: places.imapsPort,
      tls: "implicit",
      ca_file: places.certificate,
      sign_in: {
        method: "master",
        user: places.masterUser,
        password: places.masterPassword,
        separator: places.masterSeparator,
      },
    },
    // Dovecot's LMTP writes Return-Path and Delivered-To itself.
    filter: {
      envelope: { from: "return-path", to: "delivered-to" },
      authentication: { authserv_ids: [AUTHSERV_ID] },
    },
    outbox: {
      relay: { host: "127.0.0.1", port: places.relayPort, tls: "none" },
      limits: { reject: OFTEN, vacation: OFTEN },
      retry: { first_ms: 1_000, max_ms: 10_000 },
      // What comes back of circulars.
      receipts: { address: REPORTS },
      circulars: { attachments: { url: `${pages}/f`, store: { kind: "folder", dir: "./files" } } },
    },
    receipts: {},
    scripts: {
      listen: [{ host: "127.0.0.1", port: places.sieve.port }],
      cert_file: places.sieve.certFile,
      key_file: places.sieve.keyFile,
    },
    // Whoever has a mailbox here may write to all of them.
    console: {
      url: pages,
      listen: [{ host: "127.0.0.1", port: places.console.port }],
      senders: "everybody",
      language: places.console.language,
      time_zone: "Europe/Paris",
    },
    accounts: { mode: "act", list: accounts.map(({ address }) => ({ address })) },
    telemetry: { prometheus: { host: "127.0.0.1", ports: places.servicePorts } },
    log: { level: "info", format: "json" },
  };
  return HEADING + stringify(settings);
}
