import { connect as connectTcp, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, rootCertificates, type TLSSocket } from "node:tls";
import { SmtpLine } from "./line.ts";
import { formatReply, isPositive, type SmtpReply } from "./reply.ts";
import { ConnectionLost, RelayUnavailable, type Route } from "./route.ts";
import { SmtpSession } from "./session.ts";

interface Opening {
  /** As whom (RFC 4616); absent: as the relay's user. */
  readonly authzid?: string | null;
  /** Ends it at whichever step it is. */
  readonly signal?: AbortSignal;
}

/** Connects, greets, begins TLS as the route says, signs in. {@link RelayUnavailable} says at which of these it ended. */
export async function openSession(route: Route, { authzid = null, signal }: Opening = {}): Promise<SmtpSession> {
  if (signal?.aborted === true) throw unavailable("stopping", "stopping");
  const socket = connecting(route);
  const cut = (): void => void socket.destroy();
  signal?.addEventListener("abort", cut);
  try {
    await opened(socket, route.tls === "implicit" ? "secureConnect" : "connect", route);
    return await greeted(new SmtpSession(new SmtpLine(socket), route, authzid));
  } finally {
    signal?.removeEventListener("abort", cut);
  }
}

async function greeted(session: SmtpSession): Promise<SmtpSession> {
  const { route } = session;
  try {
    requirePositive(await session.greeting(), "greeting");
    await session.hello();
    const secured = route.tls === "starttls" ? await startTls(session, route) : session;
    await signIn(secured, route);
    return secured;
  } catch (error) {
    session.close();
    throw error instanceof ConnectionLost ? unavailable(error.message, "connect", error) : error;
  }
}

function unavailable(message: string, code: string, cause?: unknown): RelayUnavailable {
  return new RelayUnavailable(`the relay cannot be used: ${message}`, { code, cause });
}

function requirePositive(reply: SmtpReply, code: string): void {
  if (!isPositive(reply)) throw unavailable(formatReply(reply), code);
}

/** The host's own name is checked against its certificate. */
function tlsOptions({ host, authorities }: Route): ConnectionOptions {
  return {
    minVersion: "TLSv1.2",
    ...(/^[\d.]+$|:/.test(host) ? { host } : { servername: host }),
    ...(authorities === undefined ? {} : { ca: [...authorities, ...rootCertificates] }),
  };
}

function connecting(route: Route): Socket {
  const { host, port, tls } = route;
  return tls === "implicit" ? connectTls({ ...tlsOptions(route), host, port }) : connectTcp({ host, port });
}

function opened<S extends Socket | TLSSocket>(socket: S, event: "connect" | "secureConnect", route: Route): Promise<S> {
  return new Promise((resolve, reject) => {
    const fail = (message: string, code: string, cause?: unknown): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(unavailable(message, code, cause));
    };
    const onError = (error: Error): void => {
      const code = "code" in error ? String(error.code) : error.name;
      // A system's error has its call; EPROTO is TLS's own, whatever it was called in.
      fail(code, "syscall" in error && code !== "EPROTO" ? code : "tls", error);
    };
    const onClose = (): void => fail("the connection ended at once", "connect");
    const timer = setTimeout(() => fail("no connection in time", "ETIMEDOUT"), route.connectMs);
    // Until somebody else listens, too: an error that nobody hears ends the process.
    socket.on("error", () => {});
    socket.once("error", onError);
    socket.once("close", onClose);
    socket.once(event, () => {
      clearTimeout(timer);
      socket.off("error", onError);
      socket.off("close", onClose);
      socket.setKeepAlive(true, 60_000);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}

/** RFC 3207 §4.2: what was said before TLS counts no more, so EHLO is said again. */
async function startTls(plain: SmtpSession, route: Route): Promise<SmtpSession> {
  if (!plain.offers("STARTTLS"))
    throw unavailable("it offers no STARTTLS, and without TLS nothing is sent", "starttls-missing");
  requirePositive(await plain.command("STARTTLS"), "tls");
  // Octets in the clear behind the answer might be anybody's.
  if (!plain.line.isOpen) throw unavailable("it went away, or spoke in the clear, after STARTTLS", "tls");
  const socket = plain.line.release();
  const secured = await opened(connectTls({ ...tlsOptions(route), socket }), "secureConnect", route);
  const session = new SmtpSession(new SmtpLine(secured), route, plain.authzid);
  await session.hello();
  return session;
}

async function signIn(session: SmtpSession, { auth }: Route): Promise<void> {
  if (auth === undefined) return;
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const mechanisms = session.parameterOf("AUTH")?.toUpperCase().split(" ") ?? [];
  if (mechanisms.includes("PLAIN")) {
    // RFC 4954 §4, RFC 4616 §2.
    const reply = await session.command(
      `AUTH PLAIN ${base64(`${session.authzid ?? ""}\0${auth.user}\0${auth.password()}`)}`,
    );
    return requirePositive(reply, "auth");
  }
  if (session.authzid !== null)
    throw unavailable("it offers no AUTH PLAIN, which sending as an author needs", "auth-missing");
  if (!mechanisms.includes("LOGIN")) throw unavailable("it offers neither AUTH PLAIN nor LOGIN", "auth-missing");
  let reply = await session.command("AUTH LOGIN");
  for (const answer of [auth.user, auth.password()])
    if (reply.code === 334) reply = await session.command(base64(answer));
  requirePositive(reply, "auth");
}
