import { stringify } from "yaml";
import type { SchoolAccount } from "./school.ts";

/** What the generated `tamis.yaml` depends on. */
export type Places = {
  readonly natsUrl: string;
  readonly imapsPort: number;
  readonly certificate: string;
  readonly masterUser: string;
  readonly masterPassword: string;
  readonly masterSeparator: string;
  readonly mailboxPort: number;
  readonly filterPort: number;
};

const HEADING = "# Made by the demo for one run. README.md explains each setting.\n";

/** The `tamis.yaml` of a run: everything on loopback, certificates verified, mail really moved. */
export function configuration(places: Places, accounts: readonly SchoolAccount[]): string {
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
    filter: { envelope: { from: "return-path", to: "delivered-to" } },
    accounts: { mode: "act", list: accounts.map(({ address }) => ({ address })) },
    telemetry: { prometheus: { host: "127.0.0.1", ports: { mailbox: places.mailboxPort, filter: places.filterPort } } },
    log: { level: "info", format: "json" },
  };
  return HEADING + stringify(settings);
}
