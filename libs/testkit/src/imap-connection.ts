import { connect, type Socket } from "node:net";

/** One response line; each literal in it is replaced by `{}` and kept in order. RFC 3501 §2.2.2, §4.3. */
export type ImapLine = { readonly text: string; readonly literals: readonly Buffer[] };

/** The untagged lines that a command brought, and the text of its OK. */
export type ImapAnswer = { readonly ok: string; readonly untagged: readonly ImapLine[] };

/** A bare IMAP connection for tests: quick, without any state of its own. */
export type ImapConnection = {
  /** Sends one command (strings and literals in turn, literals as LITERAL+, RFC 7888). @throws Error when it is not OK */
  readonly command: (...parts: ReadonlyArray<string | Buffer>) => Promise<ImapAnswer>;
  readonly close: () => void;
};

type Waiting = {
  readonly tag: string;
  readonly untagged: ImapLine[];
  readonly resolve: (answer: ImapAnswer) => void;
  readonly reject: (error: Error) => void;
};

const TIMEOUT_MS = 120_000;
const LITERAL_AT_END = /\{(\d+)\}$/;

/** Cuts a byte stream into lines with their literals. */
function lineReader(onLine: (line: ImapLine) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let size = 0;
  let wanted = 1;
  let text = "";
  let literals: Buffer[] = [];
  /** Length of the literal being read; −1 between literals. */
  let literal = -1;

  const take = (bytes: Buffer): number => {
    if (literal >= 0) {
      if (bytes.length < literal) return 0;
      literals.push(bytes.subarray(0, literal));
      const used = literal;
      literal = -1;
      return used || -1;
    }
    const end = bytes.indexOf("\r\n");
    if (end < 0) return 0;
    const piece = bytes.toString("latin1", 0, end);
    const announced = LITERAL_AT_END.exec(piece);
    if (announced) {
      text += `${piece.slice(0, announced.index)}{}`;
      literal = Number(announced[1]);
    } else {
      onLine({ text: text + piece, literals });
      text = "";
      literals = [];
    }
    return end + 2;
  };

  return (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size < wanted) return;
    let rest = chunks.length === 1 ? chunk : Buffer.concat(chunks, size);
    for (let used = take(rest); used !== 0; used = take(rest)) rest = rest.subarray(Math.max(used, 0));
    chunks = [rest];
    size = rest.length;
    wanted = literal > 0 ? literal : size + 1;
  };
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;

function write(socket: Socket, tag: string, parts: ReadonlyArray<string | Buffer>): void {
  socket.cork();
  socket.write(`${tag} `);
  for (const part of parts) {
    if (typeof part !== "string") socket.write(`{${part.length}+}\r\n`);
    socket.write(part);
  }
  socket.write("\r\n");
  socket.uncork();
}

/** Connects to a loopback port and signs in. @throws Error when the server refuses */
export function openImap(port: number, user: string, password: string): Promise<ImapConnection> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const waiting: Waiting[] = [];
  let count = 0;
  let closed: Error | undefined;

  const fail = (error: Error): void => {
    closed ??= error;
    socket.destroy();
    for (const one of waiting.splice(0)) one.reject(closed);
  };
  const command: ImapConnection["command"] = (...parts) =>
    new Promise((resolve, reject) => {
      if (closed) return reject(closed);
      const tag = `t${++count}`;
      waiting.push({ tag, untagged: [], resolve, reject });
      write(socket, tag, parts);
    });
  const onLine = (line: ImapLine): void => {
    const first = waiting[0];
    if (first === undefined) return;
    if (!line.text.startsWith(`${first.tag} `)) {
      first.untagged.push(line);
      return;
    }
    waiting.shift();
    const status = line.text.slice(first.tag.length + 1);
    if (status.startsWith("OK")) first.resolve({ ok: status, untagged: first.untagged });
    else first.reject(new Error(`IMAP: ${status}`));
  };

  socket.setTimeout(TIMEOUT_MS, () => {
    if (waiting.length > 0) fail(new Error(`IMAP: no answer on port ${port} for ${TIMEOUT_MS} ms`));
  });
  socket.on("error", (cause) => fail(new Error(`IMAP: connection to port ${port} failed`, { cause })));
  socket.on("close", () => fail(new Error(`IMAP: the server on port ${port} closed the connection`)));
  socket.on("data", lineReader(onLine));
  const close = (): void => {
    closed ??= new Error("IMAP: this connection was closed");
    socket.destroy();
  };
  return command(`LOGIN ${quoted(user)} ${quoted(password)}`).then(() => ({ command, close }));
}

/** A folder name as IMAP wants it: modified UTF-7 (RFC 3501 §5.1.3), quoted. */
export function folderArgument(folder: string): string {
  const encoded = folder.replace(/&|[^\x20-\x7e]+/g, (run) =>
    run === "&"
      ? "&-"
      : `&${Buffer.from(run, "utf16le").swap16().toString("base64").replace(/=+$/, "").replaceAll("/", ",")}-`,
  );
  return quoted(encoded);
}

/** The folder name that a LIST or STATUS line means; undoes `folderArgument`. */
export function folderName(encoded: string): string {
  return encoded.replace(/&([^-]*)-/g, (_, run: string) =>
    run === "" ? "&" : Buffer.from(run.replaceAll(",", "/"), "base64").swap16().toString("utf16le"),
  );
}
