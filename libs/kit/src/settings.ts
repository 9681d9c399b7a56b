import type { z } from "zod";
import type { Fault } from "./fault.ts";
import type {
  accountsSection,
  doorSections,
  imapSection,
  logSection,
  natsSection,
  telemetrySection,
} from "./sections.ts";

/** A service's own sections of tamis.yaml: name → schema. */
export type Sections = Readonly<Record<string, z.ZodType>>;

export type NatsSettings = Readonly<z.output<typeof natsSection>>;
export type ImapSettings = Readonly<z.output<typeof imapSection>>;
export type SignIn = ImapSettings["sign_in"];
export type AccountsSettings = Readonly<z.output<typeof accountsSection>>;
export type TelemetrySettings = Readonly<z.output<typeof telemetrySection>>;
export type LogSettings = Readonly<z.output<typeof logSection>>;

/**
 * What every service reads of tamis.yaml. The keys are the file's own, so that a name is the same in both places.
 * `imap` and `accounts` are not among it: a service that signs in to mailboxes asks for them with
 * `sections: { ...accountSections, … }`, so that no other process needs their secrets.
 */
export interface SharedSettings {
  /** tamis.yaml, absolute. */
  readonly file: string;
  /** Where relative paths of the file start. */
  readonly folder: string;
  /** Absolute; `runService` makes it when missing. */
  readonly state_dir: string;
  readonly nats: NatsSettings;
  readonly telemetry: TelemetrySettings;
  readonly log: LogSettings;
  /** What is allowed and yet should be mended. */
  readonly warnings: readonly Fault[];
}

/** What a service that signs in to mailboxes loads with `accountSections`. */
export type AccountSettings = SharedSettings & { readonly imap: ImapSettings; readonly accounts: AccountsSettings };

export type DoorImapSettings = Readonly<z.output<typeof doorSections.imap>>;

/** What `loadAccounts` needs: settings loaded with `accountSections` or `doorSections`. */
export type AccountsSource = SharedSettings & {
  readonly imap: { readonly sign_in: { readonly method: string } };
  readonly accounts: AccountsSettings;
};

/** The shared settings and, by its section's name, what the service asked for. */
export type Settings<S extends Sections = Sections> = SharedSettings & { readonly [K in keyof S]: z.output<S[K]> };
