import { connect, type Socket } from "node:net";

/** When a delivery was accepted: milliseconds since 1970 with fractions, comparable with other processes' clocks. */
export type Delivery = { readonly acceptedAtMs: number };

/** A delivery agent's side of LMTP (RFC 2033): one connection, opened at first use, deliveries one after the other. */
export type LmtpClient = {
  /** @throws Error with the server's answer when a recipient or the mail is refused */
  readonly deliver: (recipient: string, raw: Buffer | string, sender?: string) => Promise<Delivery>;
  readonly close: () => void;
};

type Reply = { readonly code: number; readonly text: string; readonly atMs: number };
type Session = {
  readonly say: (text: string | Buffer) => void;
  readonly reply: () => Promise<Reply>;
  readonly socket: Socket;
};

const TIMEOUT_MS = 60_000;
const LAST_LINE = /^(\d{3})(?: .*)?$/;

/** Lines end with CRLF and a leading dot is doubled (RFC 5321 §2.3.8, §4.5.2); the bytes are otherwise untouched. */
export function toDataBlock(raw: Buffer | string): Buffer {
  const text = typeof raw === "string" ? Buffer.from(raw).toString("latin1") : raw.toString("latin1");
  const lines = text.replace(/\r?\n/g, "\r\n").replace(/^\.|(?<=\n)\./g, "..");
  return Buffer.from(`${lines}${lines.endsWith("\r\n") ? "" : "\r\n"}.\r\n`, "latin1");
}

function openSession(port: number): Session {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const replies: Reply[] = [];
  const asking: Array<{ readonly resolve: (reply: Reply) => void; readonly reject: (error: Error) => void }> = [];
  let pending = "";
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    socket.destroy();
    for (const one of asking.splice(0)) one.reject(failure);
  };
  const onLine = (line: string): void => {
    const last = LAST_LINE.exec(line);
    if (!last) return;
    const reply: Reply = { code: Number(last[1]), text: line, atMs: performance.timeOrigin + performance.now() };
    const next = asking.shift();
    if (next) next.resolve(reply);
    else replies.push(reply);
  };
  socket.setTimeout(TIMEOUT_MS, () => {
    if (asking.length > 0) fail(new Error(`LMTP: no answer on port ${port} for ${TIMEOUT_MS} ms`));
  });
  socket.on("error", (cause) => fail(new Error(`LMTP: connection to port ${port} failed`, { cause })));
  socket.on("close", () => fail(new Error(`LMTP: the server on port ${port} closed the connection`)));
  socket.on("data", (chunk) => {
    const lines = (pending + chunk.toString("latin1")).split("\r\n");
    pending = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  const reply = (): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const ready = replies.shift();
      if (ready) resolve(ready);
      else if (failure) reject(failure);
      else asking.push({ resolve, reject });
    });
  return { say: (text) => socket.write(text), reply, socket };
}

async function expectCode(session: Session, family: number): Promise<Reply> {
  const reply = await session.reply();
  if (Math.floor(reply.code / 100) !== family) throw new Error(`LMTP: ${reply.text}`);
  return reply;
}

async function greet(session: Session): Promise<void> {
  await expectCode(session, 2);
  session.say("LHLO localhost\r\n");
  await expectCode(session, 2);
}

/** MAIL, RCPT and DATA go out together (RFC 2920); DATA is answered 354 only if the recipient was accepted. */
async function transact(session: Session, recipient: string, raw: Buffer | string, sender: string): Promise<Delivery> {
  session.say(`MAIL FROM:<${sender}>\r\nRCPT TO:<${recipient}>\r\nDATA\r\n`);
  const [mail, rcpt, begin] = [await session.reply(), await session.reply(), await session.reply()];
  const refusal = [mail, rcpt].find((reply) => reply.code >= 300);
  if (begin.code === 354) session.say(refusal ? ".\r\n" : toDataBlock(raw));
  if (refusal) {
    session.say("RSET\r\n");
    await expectCode(session, 2);
    throw new Error(`LMTP: <${recipient}>: ${refusal.text}`);
  }
  if (begin.code !== 354) throw new Error(`LMTP: ${begin.text}`);
  const { atMs } = await expectCode(session, 2);
  return { acceptedAtMs: atMs };
}

/** A client for the LMTP server on a loopback port. */
export function lmtpClient(port: number): LmtpClient {
  let session: Session | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const connected = async (): Promise<Session> => {
    if (session && !session.socket.destroyed) return session;
    session = openSession(port);
    // An idle connection must not keep the test process alive; a delivery under way does.
    await greet(session);
    return session;
  };
  const send = async (recipient: string, raw: Buffer | string, sender: string): Promise<Delivery> => {
    const open = await connected();
    open.socket.ref();
    try {
      return await transact(open, recipient, raw, sender);
    } finally {
      open.socket.unref();
    }
  };
  return {
    deliver: (recipient, raw, sender = "sender@example.org") => {
      const delivery = last.then(() => send(recipient, raw, sender));
      last = delivery.catch(() => {});
      return delivery;
    },
    close: () => session?.socket.destroy(),
  };
}
