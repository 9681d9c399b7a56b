import { bearerRefusal } from "@tamis/doors";
import type { SMTPServer } from "smtp-server";
import { isPositive, localReply, type SmtpReply, textOf } from "../smtp/reply.ts";

/** A connection as `smtp-server` has it. */
export type Connection = SMTPServer["connections"] extends Set<infer One> ? One : never;

export interface BearerHandlers {
  /** Whether tokens can be checked now. */
  readonly isOffered: () => boolean;
  /** Answers the client's message (RFC 7628 §3.1); 535: the token, or whose it is, is not right. */
  readonly signIn: (message: Uint8Array, answer: (reply: SmtpReply) => void) => void;
}

type Done = () => void;

const MECHANISM = "OAUTHBEARER";
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const CANCEL = "*";

const cancelled = localReply(501, "5.7.0", "signing in was cancelled");
const notBase64 = localReply(501, "5.5.2", "that is no base64");
const tooMuch = localReply(501, "5.5.4", `after ${MECHANISM} comes one response, or none`);

/** Teaches a connection AUTH OAUTHBEARER (RFC 7628, RFC 4954 §4), which `smtp-server` does not know. */
export function teachBearer(connection: Connection, handlers: BearerHandlers): void {
  const usual = connection.handler_AUTH.bind(connection);
  connection.handler_AUTH = (command, done) => {
    const [, mechanism = "", ...responses] = command.toString().trim().split(/\s+/);
    const isOurs = mechanism.toUpperCase() === MECHANISM && handlers.isOffered();
    // Before TLS, or of somebody who is signed in, it is refused as any other.
    if (!isOurs || !connection.secure || connection.session.user) usual(command, done);
    else new BearerExchange(connection, handlers).begin(responses, done);
  };
}

/** The line of EHLO with its mechanism. */
export const withBearer = (line: string): string => (line.startsWith("AUTH ") ? `${line} ${MECHANISM}` : line);

class BearerExchange {
  readonly #connection: Connection;
  readonly #handlers: BearerHandlers;

  constructor(connection: Connection, handlers: BearerHandlers) {
    this.#connection = connection;
    this.#handlers = handlers;
  }

  begin([initial, ...more]: readonly string[], done: Done): void {
    if (more.length > 0) this.#end(tooMuch, done);
    else if (initial === undefined) this.#ask("", done, (response, next) => this.#respond(response, next));
    else this.#respond(initial, done);
  }

  #respond(response: string, done: Done): void {
    if (response === CANCEL) this.#end(cancelled, done);
    else if (response === "" || !BASE64.test(response)) this.#end(notBase64, done);
    else this.#handlers.signIn(Buffer.from(response, "base64"), (reply) => this.#answered(reply, done));
  }

  /** RFC 7628 §3.2.2: why is told first, and the client has to say that it heard, whatever it says. */
  #answered(reply: SmtpReply, done: Done): void {
    if (reply.code === 535)
      this.#ask(bearerRefusal, done, (heard, next) => this.#end(heard === CANCEL ? cancelled : reply, next));
    else this.#end(reply, done);
  }

  #ask(challenge: string, done: Done, then: (response: string, done: Done) => void): void {
    this.#connection._nextHandler = (line, next) => then(line.toString().trim(), next);
    this.#connection.send(334, Buffer.from(challenge).toString("base64"));
    done();
  }

  #end(reply: SmtpReply, done: Done): void {
    const connection = this.#connection;
    if (isPositive(reply)) {
      connection.session.user = true;
      connection.session.transmissionType = connection._transmissionType();
    }
    connection.send(reply.code, textOf(reply));
    done();
  }
}
