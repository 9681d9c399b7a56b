/**
 * `node decide-maildir.ts SCRIPT MAILDIR`: decides on every mail of a Maildir with @tamis/sieve and changes nothing.
 * One line per mail: its Message-ID, then the actions in the words of dovecot-sieve.ts in @tamis/testkit, after tabs.
 */
import { type Message, readMessage } from "@tamis/message";
import { type Action, compile, type Facts, type Program, renderDiagnostic, run } from "@tamis/sieve";

// An import would load Node's streams too, for the names that this module has of them: 25 ms of a short life.
const { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, writeSync } =
  process.getBuiltinModule("node:fs");

/** The first block of a file: almost every header ends in it. */
const FIRST_BLOCK = 8192;
/** Characters of output collected before they are written. */
const OUTPUT_BLOCK = 60_000;

const facts: Facts = { now: Date.now(), timeZone: "UTC", envelope: {} };

/** Reads files into one buffer that grows with the longest; what it gives is good until the next reading. */
class Reader {
  #buffer = Buffer.allocUnsafeSlow(64 * 1024);

  /** The mail in the file; where only headers are asked for, perhaps cut after its first block. */
  read(file: string, size: number | undefined, isWhole: boolean): Message {
    const descriptor = openSync(file, "r");
    try {
      const most = isWhole ? Number.POSITIVE_INFINITY : FIRST_BLOCK;
      const length = this.#fill(descriptor, most);
      const raw = this.#buffer.subarray(0, length);
      if (length < most) return readMessage(raw);
      return readMessage(raw, { size: size ?? fstatSync(descriptor).size, complete: false });
    } finally {
      closeSync(descriptor);
    }
  }

  #fill(descriptor: number, most: number): number {
    for (let length = 0; ; ) {
      if (length === this.#buffer.length) this.#grow();
      const room = Math.min(this.#buffer.length, most) - length;
      if (room <= 0) return length;
      const got = readSync(descriptor, this.#buffer, length, room, null);
      length += got;
      // A regular file gives less than asked for only at its end.
      if (got < room) return length;
    }
  }

  #grow(): void {
    const wider = Buffer.allocUnsafeSlow(this.#buffer.length * 2);
    this.#buffer.copy(wider);
    this.#buffer = wider;
  }
}

/** Octets of the mail as its file name tells them (`,S=1234`), which Dovecot writes and trusts. */
function sizeIn(name: string): number | undefined {
  const at = name.indexOf(",S=");
  return at < 0 ? undefined : Number.parseInt(name.slice(at + 3), 10);
}

function wordsOf(action: Action): string {
  switch (action.kind) {
    case "fileinto":
      return `fileinto ${action.mailbox}`;
    case "redirect":
      return `redirect ${action.address}`;
    default:
      return action.kind;
  }
}

function decide(program: Program, message: Message): string | null {
  const outcome = run(program, message, facts);
  if (outcome.kind === "need") return null;
  const id = message.headers("message-id")[0]?.raw() ?? "";
  const actions = outcome.error === undefined ? outcome.actions.map(wordsOf) : [`error ${outcome.error.code}`];
  return `${id}\t${actions.sort().join("\t")}\n`;
}

function decideAll(program: Program, maildir: string): void {
  const reader = new Reader();
  let lines = "";
  for (const folder of ["new", "cur"]) {
    for (const name of readdirSync(`${maildir}/${folder}`)) {
      const file = `${maildir}/${folder}/${name}`;
      const first = decide(program, reader.read(file, sizeIn(name), program.uses.body));
      lines += first ?? decide(program, reader.read(file, undefined, true)) ?? `${name}\tneed\n`;
      if (lines.length < OUTPUT_BLOCK) continue;
      writeSync(1, lines);
      lines = "";
    }
  }
  writeSync(1, lines);
}

function main([script = "", maildir = ""]: readonly string[]): number {
  const text = readFileSync(script, "utf8");
  const compiled = compile(text);
  if (compiled.ok) decideAll(compiled.program, maildir);
  else for (const diagnostic of compiled.diagnostics) process.stderr.write(renderDiagnostic(diagnostic, text, script));
  return compiled.ok ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
