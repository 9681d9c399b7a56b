import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ListedSending } from "@tamis/contracts";
import { type Dsn, readMessage, readReport } from "@tamis/message";
import {
  type ClientReply,
  type DovecotServer,
  freePorts,
  SmtpClient,
  type SunkMail,
  selfSignedCertificate,
  startDovecot,
} from "@tamis/testkit";
import { World, type WorldOptions } from "./world.ts";

export const ANNA = "anna@example.org";

export interface SubmissionWorldOptions extends Pick<WorldOptions, "store" | "sink" | "relay"> {
  /** Keys of `outbox.submission` beside the usual ones, as YAML in braces without the braces. */
  readonly submission?: string;
  /** Lines of `outbox:`, indented by two. */
  readonly outbox?: string;
  readonly doors?: string;
  /** Lines of Dovecot's configuration. */
  readonly dovecot?: string;
}

export interface Letter {
  readonly from?: string;
  readonly to?: readonly string[];
  /** Behind MAIL, and behind each RCPT. */
  readonly mail?: string;
  readonly rcpt?: string;
  readonly raw?: string | Uint8Array;
}

let letters = 0;

/** A mail of Anna's with a Message-ID of its own. */
export const letter = (subject: string, more = ""): string =>
  `From: Anna <${ANNA}>\r\nTo: bob@example.com\r\nDate: Sun, 01 Mar 2026 12:00:00 +0100\r\nMessage-ID: <${++letters}.${process.pid}@example.org>\r\nSubject: ${subject}\r\n${more}\r\nBonjour\r\n`;

/** The world of outbox, with people at its door: Dovecot knows their passwords. */
export class SubmissionWorld implements AsyncDisposable {
  readonly world: World;
  readonly dovecot: DovecotServer;
  readonly ca: string;
  readonly port: number;
  readonly tlsPort: number;
  #listedBefore = 0;

  private constructor(parts: Pick<SubmissionWorld, "world" | "dovecot" | "ca" | "port" | "tlsPort">) {
    this.world = parts.world;
    this.dovecot = parts.dovecot;
    this.ca = parts.ca;
    this.port = parts.port;
    this.tlsPort = parts.tlsPort;
  }

  static async open(options: SubmissionWorldOptions = {}): Promise<SubmissionWorld> {
    const { submission = "", outbox = "", doors = "first_delay_ms: 10", dovecot: config = "", ...more } = options;
    const [dovecot, [port = 0, tlsPort = 0]] = await Promise.all([
      startDovecot({ users: [ANNA, "bob@example.org"], config }),
      freePorts(2),
    ]);
    const { cert, key } = selfSignedCertificate();
    const world = await World.open({ ...more });
    world.account = "anna";
    const path = (name: string): string => join(world.dir.path, name);
    writeFileSync(path("door.pem"), cert);
    writeFileSync(path("door.key"), key, { mode: 0o600 });
    const listen = `[{ host: 127.0.0.1, port: ${port} }, { host: 127.0.0.1, port: ${tlsPort}, tls: implicit }]`;
    world.configure({
      ...more,
      sections: `imap:
  host: localhost
  port: ${dovecot.imapsPort}
  ca_file: ${dovecot.ca}
  sign_in: { method: master, user: proxy, password: "not read here" }
accounts:
  list:
    - { address: ${ANNA}, id: anna, identities: [office@example.org], language: fr }
    - { address: bob@example.org, id: bob }
doors: { default_domain: example.org, ${doors} }
`,
      outbox: `
  retry: { first_ms: 50, max_ms: 200 }
  sweep_ms: 300
  lease_ms: 3000
${outbox}  submission:
    { name: mx.example.org, listen: ${listen}, cert_file: door.pem, key_file: door.key${submission === "" ? "" : `, ${submission}`} }
`,
    });
    return new SubmissionWorld({ world, dovecot, ca: cert, port, tlsPort });
  }

  /** A test of its own: what is listed and sunk from now on. */
  async begin(): Promise<void> {
    this.world.begin();
    this.world.account = "anna";
    this.#listedBefore = (await this.world.list()).length;
  }

  /** Anna's sendings since {@link begin}, the newest first. */
  async listed(): Promise<readonly ListedSending[]> {
    const all = await this.world.list();
    return all.slice(0, all.length - this.#listedBefore);
  }

  /** Connected over implicit TLS, greeted and introduced; what EHLO said. */
  async client(): Promise<SmtpClient> {
    const client = await SmtpClient.connect({ port: this.tlsPort, ca: this.ca, tls: "implicit" });
    assert.equal((await client.reply()).code, 220);
    assert.equal((await client.command("EHLO client.example.org")).code, 250);
    return client;
  }

  async signedIn(name = ANNA): Promise<SmtpClient> {
    const client = await this.client();
    const { code } = await client.command(plain(name, this.dovecot.password));
    assert.equal(code, 235);
    return client;
  }

  /** Submits a mail on a connection of its own; the final reply. */
  async submit(sent: Letter): Promise<ClientReply> {
    using client = await this.signedIn();
    // Awaited here: the connection ends with this function.
    return await submitOn(client, sent);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.world[Symbol.asyncDispose]();
    await this.dovecot.stop();
  }
}

/** Header of a mail that the sink has. */
export const headerOf = ({ raw }: SunkMail): string => raw.toString("latin1").split("\r\n\r\n")[0] ?? "";

/** A mail that is a delivery status notification, read. */
export function dsnOf(mail: SunkMail | undefined): Dsn {
  const report = readReport(readMessage(mail?.raw ?? Buffer.alloc(0)));
  assert.ok(report?.kind === "dsn", mail?.raw.toString());
  return report;
}

export const plain = (name: string, password: string, authzid = ""): string =>
  `AUTH PLAIN ${Buffer.from(`${authzid}\0${name}\0${password}`).toString("base64")}`;

/** The first reply that is no yes, or that to the mail. */
export async function submitOn(client: SmtpClient, sent: Letter): Promise<ClientReply> {
  const { from = ANNA, to = ["bob@example.com"], mail = "", rcpt = "", raw = letter("x") } = sent;
  const sender = await client.command(`MAIL FROM:<${from}>${mail === "" ? "" : ` ${mail}`}`);
  if (sender.code !== 250) return sender;
  const replies: ClientReply[] = [];
  for (const address of to) replies.push(await client.command(`RCPT TO:<${address}>${rcpt === "" ? "" : ` ${rcpt}`}`));
  const refusal = replies.find(({ code }) => code !== 250);
  if (refusal !== undefined && replies.every(({ code }) => code !== 250)) return refusal;
  const go = await client.command("DATA");
  return go.code === 354 ? client.data(raw) : go;
}
