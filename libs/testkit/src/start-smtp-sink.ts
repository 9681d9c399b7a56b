import type { Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import type { SMTPServer, SMTPServerOptions, SMTPServerSession } from "smtp-server";
import { type Certificate, selfSignedCertificate } from "./certificate.ts";
import { freePorts } from "./free-ports.ts";
import { waitFor } from "./wait-for.ts";

/** A mail that the sink kept. */
export type SunkMail = {
  /** MAIL FROM; "" is the null reverse-path. */
  readonly from: string;
  readonly to: readonly string[];
  /** After dot-unstuffing, as it came. */
  readonly raw: Buffer;
  /** ESMTP parameters of MAIL and of each RCPT, names in upper case. */
  readonly mailParameters: Readonly<Record<string, string | true>>;
  readonly recipientParameters: readonly Readonly<Record<string, string | true>>[];
  /** Who had signed in. */
  readonly user: string | undefined;
  /** As whom (SASL PLAIN, RFC 4616); "" where nobody was named. */
  readonly authzid: string;
  /** Whether it came over TLS. */
  readonly secure: boolean;
};

/**
 * What follows the final dot: `accept`; a reply of its own, `452 4.3.1 full`; `cut` (connection gone, nothing kept), `keep-and-cut` (kept, the
 * answer is lost), `accept-and-cut` (250, then gone), `silence` (kept, no answer comes).
 */
export type DataAnswer = "accept" | "cut" | "keep-and-cut" | "accept-and-cut" | "silence" | `${4 | 5}${string}`;

type Reply = string | undefined;

/** What the sink answers; a reply is `450 4.2.0 busy`, undefined accepts. A promise: the answer comes when it resolves. */
export type SinkAnswers = {
  readonly connect?: () => Reply | Promise<Reply>;
  readonly sender?: (address: string) => Reply | Promise<Reply>;
  readonly recipient?: (address: string) => Reply | Promise<Reply>;
  readonly data?: (mail: SunkMail) => DataAnswer | Promise<DataAnswer>;
};

export type SinkOptions = Pick<
  SMTPServerOptions,
  "hide8BITMIME" | "hideSMTPUTF8" | "hideDSN" | "hidePIPELINING" | "size"
> & {
  /** Default `none`: not offered. */
  readonly tls?: "none" | "starttls" | "implicit";
  /** Who may send: nobody else then. */
  readonly account?: { readonly user: string; readonly password: string };
  readonly port?: number;
  /** Whether what is accepted stays in `mails`; default true. */
  readonly keep?: boolean;
};

/** An SMTP server on loopback, in this process, that keeps what it is given. */
export type SmtpSink = {
  readonly port: number;
  /** PEM; of the server's certificate, which is its own authority. */
  readonly certificate: string;
  /** Kept since the start, in their order. */
  readonly mails: readonly SunkMail[];
  /** Connections made since the start. */
  readonly connections: () => number;
  readonly answer: (answers: SinkAnswers) => void;
  /** Resolves when there are so many. */
  readonly received: (count: number) => Promise<readonly SunkMail[]>;
  /** Cuts every connection and stops listening; what was kept stays. */
  readonly down: () => Promise<void>;
  /** Listens again, on the same port. */
  readonly up: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

function replyError(reply: string): Error {
  return Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) });
}

type State = {
  readonly mails: SunkMail[];
  readonly sockets: Map<number, Socket>;
  /** By the session of who signed in. */
  readonly authzids: Map<string, string>;
  readonly keep: boolean;
  answers: SinkAnswers;
  connections: number;
};

function mailOf({ id, envelope, user, secure }: SMTPServerSession, raw: Buffer, { authzids }: State): SunkMail {
  const { mailFrom, rcptTo } = envelope;
  return {
    from: mailFrom === false ? "" : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    raw,
    mailParameters: (mailFrom !== false && mailFrom.args) || {},
    recipientParameters: rcptTo.map(({ args }) => args || {}),
    user: typeof user === "string" ? user : undefined,
    authzid: authzids.get(id) ?? "",
    secure,
  };
}

/** The answer is written some turns of the loop later. */
function cutAfterAnswer(socket: Socket | undefined, written: number): void {
  if (socket === undefined || socket.destroyed) return;
  if (socket.bytesWritten > written) socket.destroySoon();
  else setImmediate(() => cutAfterAnswer(socket, written));
}

type Done = (error?: Error) => void;

async function endOfData(state: State, session: SMTPServerSession, raw: Buffer, reply: Done): Promise<void> {
  const mail = mailOf(session, raw, state);
  const socket = state.sockets.get(session.remotePort);
  const answer = (await state.answers.data?.(mail)) ?? "accept";
  switch (answer) {
    case "cut":
      socket?.destroy();
      return;
    case "keep-and-cut":
      state.mails.push(mail);
      socket?.destroy();
      return;
    case "silence":
      state.mails.push(mail);
      return;
    case "accept":
    case "accept-and-cut":
      if (state.keep) state.mails.push(mail);
      reply();
      if (answer === "accept-and-cut") cutAfterAnswer(socket, socket?.bytesWritten ?? 0);
      return;
    default:
      reply(replyError(answer));
  }
}

async function makeServer(state: State, options: SinkOptions, { cert, key }: Certificate): Promise<SMTPServer> {
  const { tls = "none", account, port: _port, keep: _keep, ...features } = options;
  const say = async (reply: Reply | Promise<Reply>, done: Done): Promise<void> => {
    const said = await reply;
    if (said === undefined) done();
    else done(replyError(said));
  };
  const { SMTPServer: Server } = await import("smtp-server");
  const server = new Server({
    ...features,
    secure: tls === "implicit",
    cert,
    key,
    disabledCommands: [...(tls === "starttls" ? [] : ["STARTTLS"]), ...(account === undefined ? ["AUTH"] : [])],
    disableReverseLookup: true,
    lenientAddressParsing: true,
    closeTimeout: 1,
    onConnect: (_session, done) => void say(state.answers.connect?.(), done),
    onAuth: ({ username, password, authzid = "" }, { id }, done) => {
      const isRight = username === account?.user && password === account?.password;
      state.authzids.set(id, authzid);
      if (isRight) done(null, { user: username });
      else done(replyError("535 5.7.8 wrong user or password"));
    },
    onMailFrom: ({ address }, _session, done) => void say(state.answers.sender?.(address), done),
    onRcptTo: ({ address }, _session, done) => void say(state.answers.recipient?.(address), done),
    onData: (stream, session, done) => {
      // A connection that ends within DATA leaves nothing to keep.
      buffer(stream).then((raw) => endOfData(state, session, raw, done), done);
    },
  });
  // Clients that vanish are part of what is tested.
  server.on("error", () => {});
  server.server.on("connection", (socket: Socket) => {
    state.connections++;
    const port = socket.remotePort ?? 0;
    state.sockets.set(port, socket);
    socket.once("close", () => state.sockets.delete(port));
  });
  return server;
}

function listening(server: SMTPServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
    // A forgotten sink must not keep the test process alive.
    server.server.unref();
  });
}

/** Starts an SMTP sink that accepts everything until it is told otherwise. */
export async function startSmtpSink(options: SinkOptions = {}): Promise<SmtpSink> {
  const certificate = selfSignedCertificate();
  const port = options.port ?? (await freePorts(1))[0] ?? 0;
  const state: State = {
    mails: [],
    sockets: new Map(),
    authzids: new Map(),
    keep: options.keep ?? true,
    answers: {},
    connections: 0,
  };
  let server: SMTPServer | undefined;
  const up = async (): Promise<void> => {
    server = await makeServer(state, options, certificate);
    await listening(server, port);
  };
  const down = (): Promise<void> =>
    new Promise((resolve) => {
      if (server === undefined) return resolve();
      server.close(() => resolve());
      for (const socket of state.sockets.values()) socket.destroy();
      server = undefined;
    });
  await up();
  return {
    port,
    certificate: certificate.cert,
    mails: state.mails,
    connections: () => state.connections,
    answer: (answers) => {
      state.answers = answers;
    },
    received: async (count) => {
      const describe = `${count} mails in the sink`;
      await waitFor(() => state.mails.length >= count, { timeoutMs: 30_000, describe });
      return state.mails;
    },
    down,
    up,
    stop: down,
    [Symbol.asyncDispose]: down,
  };
}
