// An SMTP server that keeps (Message-ID, recipient) on the disk before its 250. SIGUSR2: the answers that are due are lost, with their connections.
import { fsyncSync, openSync, writeSync } from "node:fs";
import { createServer, type Socket } from "node:net";

const [port = "0", file = ""] = process.argv.slice(2);
const journal = openSync(file, "a");
const sockets = new Set<Socket>();
let isDropping = false;

// What is being answered at this moment is kept, and the answer is not heard.
process.on("SIGUSR2", () => {
  isDropping = true;
  setTimeout(() => {
    isDropping = false;
    for (const socket of sockets) socket.destroy();
  }, 20);
});

class Conversation {
  readonly #socket: Socket;
  #rest = "";
  #recipients: string[] = [];
  #isData = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    socket.on("data", (chunk) => this.#read(chunk.toString("latin1")));
    this.#say("220 sink");
  }

  #say(reply: string): void {
    this.#socket.write(`${reply}\r\n`);
  }

  #read(text: string): void {
    this.#rest += text;
    for (;;) {
      const end = this.#rest.indexOf(this.#isData ? "\r\n.\r\n" : "\r\n");
      if (end === -1) return;
      const piece = this.#rest.slice(0, end);
      this.#rest = this.#rest.slice(end + (this.#isData ? 5 : 2));
      if (this.#isData) this.#keep(piece);
      else this.#command(piece);
    }
  }

  #command(line: string): void {
    switch (line.slice(0, 4).toUpperCase()) {
      case "EHLO":
        this.#say("250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 52428800");
        break;
      case "DATA":
        this.#isData = true;
        this.#say("354 go on");
        break;
      case "QUIT":
        this.#say("221 bye");
        this.#socket.end();
        break;
      case "RCPT":
        this.#recipients.push(/<([^>]*)>/.exec(line)?.[1] ?? "");
        this.#say("250 ok");
        break;
      default:
        // MAIL and RSET: a mail begins, or is given up.
        this.#recipients = [];
        this.#say("250 ok");
    }
  }

  #keep(mail: string): void {
    this.#isData = false;
    const messageId = /^Message-ID: (.*)$/im.exec(mail)?.[1]?.trim() ?? "none";
    writeSync(journal, this.#recipients.map((recipient) => `${messageId} ${recipient}\n`).join(""));
    fsyncSync(journal);
    if (isDropping) this.#socket.destroy();
    else this.#say("250 kept");
  }
}

createServer((socket) => new Conversation(socket)).listen(Number(port), "127.0.0.1", () => {
  process.stdout.write("listening\n");
});
