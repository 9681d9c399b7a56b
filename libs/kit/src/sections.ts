import { receiptPolicy } from "@tamis/contracts";
import { z } from "zod";
import { filePath, newPath } from "./path-schema.ts";
import { secret } from "./secret.ts";

/** A TCP port. */
export const port = (meaning: string) => z.int().min(1).max(65_535).describe(meaning);

/** Two keys that mean something only together. */
function together<K extends string>(one: K, other: K) {
  return (group: Readonly<Partial<Record<K, unknown>>>, context: z.RefinementCtx): void => {
    const absent = group[one] === undefined ? one : other;
    if ((group[one] === undefined) === (group[other] === undefined)) return;
    context.addIssue({
      code: "custom",
      path: [absent],
      message: "missing",
      params: { mend: `\`${one}\` and \`${other}\` go together` },
    });
  };
}

const host = (meaning: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9.:_-]{1,253}$/, "not a host name or address")
    .describe(meaning);

const tls = z
  .strictObject({
    ca_file: filePath("certificates that are trusted (PEM)").optional(),
    cert_file: filePath("our own certificate (PEM)").optional(),
    key_file: filePath("the key of our certificate (PEM)").optional(),
  })
  .superRefine(together("cert_file", "key_file"));

export const natsSection = z
  .strictObject({
    servers: z
      .array(z.string().regex(/^(nats:\/\/|tls:\/\/|ws:\/\/|wss:\/\/)?[^\s/@]+$/, "not the address of a NATS server"))
      .min(1)
      .default(["nats://127.0.0.1:4222"])
      .describe("addresses of NATS servers, `nats://host:4222`"),
    credentials_file: filePath("a NATS credentials file (.creds)").optional(),
    user: z.string().min(1).describe("user name at NATS").optional(),
    password: secret("password at NATS").optional(),
    token: secret("token at NATS").optional(),
    tls: tls.describe("TLS towards NATS").optional(),
    replicas: z
      .union([z.literal(1), z.literal(3), z.literal(5)])
      .default(1)
      .describe("copies of each stream: 1, or 3 or 5 in a cluster"),
  })
  .superRefine(together("user", "password"));

/** One way for all accounts to sign in. */
const signIn = z.discriminatedUnion("method", [
  z.strictObject({
    method: z.literal("master").describe("as `user*master`, with the master user's password"),
    user: z.string().min(1).describe("the master user"),
    password: secret("the master user's password"),
    separator: z
      .string()
      .min(1)
      .max(4)
      .default("*")
      .describe("what stands between the account's user and the master user"),
  }),
  z.strictObject({
    method: z.literal("authzid").describe("SASL PLAIN (RFC 4616) with the account as authorization identity"),
    user: z.string().min(1).describe("the administrator who signs in"),
    password: secret("the administrator's password"),
  }),
  z.strictObject({ method: z.literal("password").describe("each account with its own password") }),
  z.strictObject({
    method: z.literal("oauth2").describe("with a token that a command prints"),
    command: z
      .array(z.string().min(1))
      .min(1)
      .describe("program and arguments; it is run with the address appended and prints the token"),
  }),
]);

const imapServer = {
  host: host("the IMAP server all accounts are on"),
  port: port("port of the IMAP server").optional(),
  tls: z.enum(["implicit", "starttls", "none"]).default("implicit").describe("how the connection is protected"),
  ca_file: filePath("certificates that are trusted beside the system's (PEM)").optional(),
  verify_certificate: z.boolean().default(true).describe("whether the server's certificate must be valid"),
};

type ImapServer = { readonly port?: number | undefined; readonly tls: "implicit" | "starttls" | "none" };
const withPort = <T extends ImapServer>(imap: T) => ({
  ...imap,
  port: imap.port ?? (imap.tls === "implicit" ? 993 : 143),
});

export const imapSection = z
  .strictObject({ ...imapServer, sign_in: signIn.describe("how Tamis signs in for an account") })
  .transform(withPort);

/** `imap` for who lets owners in with their own passwords: of `sign_in` only what is no secret. */
const doorImapSection = z
  .strictObject({
    ...imapServer,
    sign_in: z
      .looseObject({
        method: z.string(),
        separator: z.string().min(1).max(4).default("*").describe("what stands before the master user's name"),
      })
      .describe("how Tamis signs in for an account"),
  })
  .transform(withPort);

const mode = z.enum(["observe", "act"]).describe("observe: decide and trace, move nothing; act: do it");
const address = z
  .string()
  .regex(/^[^\s@]+@[^\s@]+$/, "not a mail address")
  .describe("the account's mail address");

/** Whether Thunderbird's Send Later leaves its drafts to Tamis. A program that sends them too would send them twice. */
export const sendLater = z
  .enum(["off", "handed-over"])
  .describe("handed-over: drafts with the fields of Send Later are sent by Tamis, and by no program of the owner's");

const answersReceipts = z
  .enum(["program", "tamis"])
  .describe(
    "who answers receipts that others ask for: the owner's mail program, or Tamis where no program of his does",
  );

const language = z
  .enum(["en", "fr"])
  .describe("in which Tamis writes to the owner; absent: as each service's own `language` says");

/** An account as it is written in `accounts.list` and in the files of `accounts.folder`. */
export const accountEntry = z.strictObject({
  address,
  user: z
    .string()
    .min(1)
    .describe("the name the IMAP server knows the account by, where it is not the address")
    .optional(),
  identities: z
    .array(z.string().regex(/^[^\s@,]+@[^\s@,]+$/, "not a mail address"))
    .max(1000)
    .describe("other addresses that the account may write as")
    .optional(),
  password: secret("the account's own password").optional(),
  mode: mode.optional(),
  send_later: sendLater.optional(),
  id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, "not an id: letters, digits, `_` and `-`, at most 64")
    .describe("opaque name of the account in logs and metrics")
    .optional(),
  host: host("the account's own IMAP server").optional(),
  port: port("port of that server").optional(),
  answers_receipts: answersReceipts.optional(),
  receipt_policy: receiptPolicy.describe("what the account does about receipts that others ask for").optional(),
  language: language.optional(),
});

export const accountsSection = z
  .strictObject({
    mode: mode.default("observe"),
    answers_receipts: answersReceipts.default("program"),
    language: language.optional(),
    file: newPath("a CSV file of accounts").optional(),
    folder: newPath("a folder with one YAML file per account").optional(),
    list: z.array(accountEntry).optional().describe("accounts written here"),
  })
  .superRefine((accounts, context) => {
    if (accounts.file !== undefined || accounts.folder !== undefined || accounts.list !== undefined) return;
    context.addIssue({
      code: "custom",
      message: "no accounts are named",
      params: { mend: "write `file: accounts.csv`, `folder: accounts.d` or a `list:`" },
    });
  });

/** For the services that sign in to mailboxes: `sections: { ...accountSections, mailbox: … }`. */
export const accountSections = { imap: imapSection, accounts: accountsSection };

/** For the services whose door owners come in by: the same file, without the secret of `imap.sign_in`. */
export const doorSections = { imap: doorImapSection, accounts: accountsSection };

export const telemetrySection = z.strictObject({
  prometheus: z
    .strictObject({
      host: host("address the HTTP endpoints listen on").default("127.0.0.1"),
      port: port("port of /metrics, /livez and /readyz, of every service").optional(),
      ports: z
        .record(z.string(), port("port of this service's endpoints"))
        .default({})
        .describe("ports by service, where several services share a machine"),
    })
    .optional()
    .describe("the endpoints /metrics, /livez and /readyz"),
  otlp: z
    .strictObject({
      endpoint: z
        .url({ protocol: /^https?$/ })
        .describe("base address of an OpenTelemetry collector, `http://127.0.0.1:4318`"),
      headers: z.record(z.string(), secret("value of the header")).default({}).describe("HTTP headers to send along"),
    })
    .optional()
    .describe("traces and metrics by OTLP over HTTP"),
  sampling: z.number().min(0).max(1).default(1).describe("share of mails that are traced"),
});

export const logSection = z.strictObject({
  level: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal"])
    .default("info")
    .describe("least level that is written"),
  format: z.enum(["auto", "json", "pretty"]).default("auto").describe("auto: pretty on a terminal, JSON otherwise"),
});
