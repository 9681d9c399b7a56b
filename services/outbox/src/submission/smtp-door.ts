import type { Socket } from "node:net";
import type { SecureContext, TLSSocket } from "node:tls";
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerAuthentication,
  type SMTPServerDataStream,
  type SMTPServerSession,
} from "smtp-server";
import { isPositive, localReply, type SmtpReply, textOf } from "../smtp/reply.ts";
import { teachBearer, withBearer } from "./bearer-exchange.ts";
import type { Parameters } from "./envelope.ts";

/** Somebody who is connected: where from, what was said, and what the handlers keep of it. */
export interface Visit<State> {
  readonly peer: string;
  /** What EHLO said. */
  readonly clientName: string;
  readonly protocol: string;
  readonly state: State;
}

/** What the client signs in with: PLAIN (RFC 4616) or LOGIN; or a message of OAUTHBEARER (RFC 7628 §3.1), as it came. */
export type Credentials =
  | { readonly kind: "password"; readonly name: string; readonly authzid: string; readonly password: string }
  | { readonly kind: "bearer"; readonly message: Uint8Array };

/** A recipient that was accepted. */
export interface Addressed {
  readonly address: string;
  readonly parameters: Parameters;
}

/** What is answered; none of these throws for anything that a client says. 421 ends the connection. */
export interface DoorHandlers<State> {
  /** null: too many connections of this address. */
  readonly enter: (peer: string) => State | null;
  readonly leave: (peer: string, state: State) => void;
  readonly signIn: (credentials: Credentials, visit: Visit<State>) => Promise<SmtpReply>;
  readonly sender: (sender: Addressed, visit: Visit<State>) => Promise<SmtpReply>;
  readonly recipient: (recipient: Addressed, visit: Visit<State>) => Promise<SmtpReply>;
  readonly mail: (
    stream: SMTPServerDataStream,
    recipients: readonly Addressed[],
    visit: Visit<State>,
  ) => Promise<SmtpReply>;
  readonly onBug: (error: unknown) => void;
  /** Whether OAUTHBEARER is offered, now. */
  readonly takesTokens: () => boolean;
  /** Lines that EHLO has beside the usual ones. */
  readonly extensions: () => readonly string[];
  readonly secureContext: () => SecureContext;
}

export interface DoorSettings {
  readonly tls: "starttls" | "implicit";
  readonly name: string;
  readonly maxBytes: number;
  readonly maxRecipients: number;
  readonly connections: number;
}

/** Whoever has not signed in after so long has no business here, ms. */
const STRANGER_MS = 2 * 60_000;
/** RFC 5321 §4.5.3.2.7: silence that is borne, ms. */
const SILENCE_MS = 5 * 60_000;
/** A mail that takes longer to come does not come, ms: a client that trickles is not to hold its place for ever. */
const MAIL_MS = 30 * 60_000;
const STOP_MS = 4_000;
/** RFC 4954 §4 wants room for 12,288 octets. */
const MAX_COMMAND = 16 * 1024;
const OWN_STATUS = /^[245]\.\d{1,3}\.\d{1,3} /;

type Session = SMTPServerSession;
type Done = (error?: Error | null) => void;

/** SMTP as `smtp-server` speaks it, with what it lacks: lines of EHLO, replies with their own status, nobody who stays for ever. */
export class SmtpDoor<State> extends SMTPServer {
  readonly #handlers: DoorHandlers<State>;
  readonly #states = new Map<string, State>();
  readonly #busy = new Set<string>();

  constructor(settings: DoorSettings, handlers: DoorHandlers<State>) {
    super({
      secure: settings.tls === "implicit",
      name: settings.name,
      heloResponse: "%s",
      size: settings.maxBytes,
      maxRecipients: settings.maxRecipients,
      maxClients: settings.connections,
      maxCommandLength: MAX_COMMAND,
      socketTimeout: SILENCE_MS,
      closeTimeout: STOP_MS,
      authMethods: ["PLAIN", "LOGIN"],
      authRequiredMessage: "5.7.0 sign in first, over TLS",
      disabledCommands: ["WIZ", "SHELL", "KILL", "XCLIENT", "XFORWARD", "HELP"],
      disableReverseLookup: true,
      hideENHANCEDSTATUSCODES: false,
      hideDSN: false,
      logger: false,
      SNICallback: (_name, done) => done(null, handlers.secureContext()),
      onConnect: (session, done) => this.#enter(session, done),
      onAuth: (auth, session, done) => this.#signIn(auth, session, done),
      onMailFrom: (address, session, done) => this.#sender(address, session, done),
      onRcptTo: (address, session, done) => this.#recipient(address, session, done),
      onData: (stream, session, done) => this.#mail(stream, session, done),
      onClose: (session) => this.#leave(session),
    });
    this.#handlers = handlers;
    // Clients that vanish, and too many open files: those that are here go on.
    this.on("error", () => {});
    this.server.prependListener("connection", () => this.secureContext.set("*", handlers.secureContext()));
  }

  override connect(socket: Socket | TLSSocket, options?: ConnectOptions): void {
    super.connect(socket, options);
    const connection = [...this.connections].at(-1);
    if (connection === undefined) return;
    const send = connection.send.bind(connection);
    connection.send = (code, data, context) => {
      if (Array.isArray(data)) return send(code, this.#extended(data, connection.session), context);
      // A status of our own, or the relay's, stands for itself.
      return send(code, data, typeof data === "string" && OWN_STATUS.test(data) ? false : context);
    };
    teachBearer(connection, {
      isOffered: this.#handlers.takesTokens,
      signIn: (message, answer) =>
        this.#answer(connection.session, (visit) => this.#handlers.signIn({ kind: "bearer", message }, visit), answer),
    });
    const timer = setTimeout(() => {
      if (!connection.session.user) connection.send(421, "4.7.0 nobody signed in");
    }, STRANGER_MS);
    timer.unref();
    socket.once("close", () => clearTimeout(timer));
  }

  /** Takes nothing new; mails on their way in may still come, for some seconds. */
  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.close(() => resolve());
      for (const connection of this.connections)
        if (!this.#busy.has(connection.id)) connection.send(421, "4.3.2 stopping");
    });
  }

  /** RFC 4954 §4: what may not be used yet is not offered. */
  #extended(lines: readonly string[], { secure }: Session): string[] {
    if (!lines.includes("PIPELINING")) return [...lines];
    const offered = secure ? lines : lines.filter((line) => !line.startsWith("AUTH"));
    return [...(this.#handlers.takesTokens() ? offered.map(withBearer) : offered), ...this.#handlers.extensions()];
  }

  #enter(session: Session, done: Done): void {
    const state = this.#handlers.enter(session.remoteAddress);
    if (state !== null) this.#states.set(session.id, state);
    done(state === null ? errorOf(localReply(421, "4.7.0", "too many connections from this address")) : null);
  }

  #leave({ id, remoteAddress }: Session): void {
    const state = this.#states.get(id);
    if (state === undefined) return;
    this.#states.delete(id);
    this.#handlers.leave(remoteAddress, state);
  }

  #visit({ id, remoteAddress, hostNameAppearsAs, transmissionType }: Session): Visit<State> | null {
    const state = this.#states.get(id);
    if (state === undefined) return null;
    return { peer: remoteAddress, clientName: hostNameAppearsAs, protocol: transmissionType, state };
  }

  /** Answers with what `work` comes to; a bug of ours is a reply too, so that nobody waits for ever. */
  #answer(
    session: Session,
    work: (visit: Visit<State>) => Promise<SmtpReply>,
    reply: (reply: SmtpReply) => void,
  ): void {
    this.#busy.add(session.id);
    const answered = async (): Promise<void> => {
      reply(await this.#replyOf(session, work));
      this.#busy.delete(session.id);
    };
    answered().catch(this.#handlers.onBug);
  }

  async #replyOf(session: Session, work: (visit: Visit<State>) => Promise<SmtpReply>): Promise<SmtpReply> {
    const visit = this.#visit(session);
    if (visit === null) return localReply(421, "4.3.0", "closing");
    try {
      return await work(visit);
    } catch (error) {
      this.#handlers.onBug(error);
      return localReply(451, "4.3.0", "it failed here; try again later");
    }
  }

  #signIn(
    { username = "", authzid = "", password }: SMTPServerAuthentication,
    session: Session,
    done: (error: Error | null, response?: { user: true }) => void,
  ): void {
    const credentials = { kind: "password", name: username, authzid, password: password ?? "" } as const;
    this.#answer(
      session,
      (visit) => this.#handlers.signIn(credentials, visit),
      (reply) => (isPositive(reply) ? done(null, { user: true }) : done(errorOf(reply))),
    );
  }

  #sender(address: SMTPServerAddress, session: Session, done: Done): void {
    this.#answer(
      session,
      (visit) => this.#handlers.sender(addressedOf(address), visit),
      (reply) => done(isPositive(reply) ? null : errorOf(reply)),
    );
  }

  #recipient(address: SMTPServerAddress, session: Session, done: Done): void {
    this.#answer(
      session,
      (visit) => this.#handlers.recipient(addressedOf(address), visit),
      (reply) => done(isPositive(reply) ? null : errorOf(reply)),
    );
  }

  #mail(stream: SMTPServerDataStream, session: Session, done: (error: Error | null, message?: string) => void): void {
    const recipients = session.envelope.rcptTo.map(addressedOf);
    const timer = setTimeout(() => stream.destroy(new Error("the mail took too long to come")), MAIL_MS);
    stream.once("close", () => clearTimeout(timer));
    this.#answer(
      session,
      (visit) => this.#handlers.mail(stream, recipients, visit),
      (reply) => (isPositive(reply) ? done(null, textOf(reply)) : done(errorOf(reply))),
    );
  }
}

type ConnectOptions = globalThis.Parameters<SMTPServer["connect"]>[1];

const addressedOf = ({ address, args }: SMTPServerAddress): Addressed => ({ address, parameters: args || {} });

const errorOf = (reply: SmtpReply): Error => Object.assign(new Error(textOf(reply)), { responseCode: reply.code });
