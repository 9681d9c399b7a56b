import { dataBlock, dataPieces, FINAL_DOT } from "./data-block.ts";
import type { SmtpLine } from "./line.ts";
import { formatReply, isPositive, type SmtpReply } from "./reply.ts";
import { ConnectionLost, RelayUnavailable, type Route } from "./route.ts";

/** How long a farewell may take. */
const QUIT_MS = 2_000;
/** A mail up to so long leaves this process at once, its final dot with it, octets. */
const AT_ONCE = 64 * 1024;

/** What came of a command: its reply, or that the connection was lost before there was one. */
export type Answer = SmtpReply | ConnectionLost;

/** A conversation with the relay: what it offers, and its answers to our commands. */
export class SmtpSession {
  readonly line: SmtpLine;
  readonly route: Route;
  /** As whom it was signed in for (RFC 4616); null: as the relay's user. */
  readonly authzid: string | null;
  /** Mails begun on it: one that was used before may have been closed by the server meanwhile. */
  transactions = 0;
  #offers: ReadonlyMap<string, string> = new Map();
  #isSpent = false;

  constructor(line: SmtpLine, route: Route, authzid: string | null = null) {
    this.line = line;
    this.route = route;
    this.authzid = authzid;
  }

  /** Whether another mail may be sent on it. */
  get isUsable(): boolean {
    return !this.#isSpent && this.line.isOpen;
  }

  greeting(): Promise<SmtpReply> {
    return this.line.reply(this.route.commandMs);
  }

  /** RFC 5321 §4.1.1.1; a relay that only knows HELO has no place here. */
  async hello(): Promise<void> {
    const reply = await this.command(`EHLO ${this.route.name}`);
    if (!isPositive(reply))
      throw new RelayUnavailable(`the relay cannot be used: ${formatReply(reply)}`, { code: "ehlo" });
    this.#offers = new Map(
      reply.lines.slice(1).map((line) => {
        // QUIRK: old servers write AUTH=LOGIN beside AUTH LOGIN.
        const [keyword = "", ...parameters] = line.trim().split(/[ =]/);
        return [keyword.toUpperCase(), parameters.join(" ")];
      }),
    );
  }

  /** RFC 5321 §2.2.1: keywords of the answer to EHLO. */
  offers(keyword: string): boolean {
    return this.#offers.has(keyword);
  }

  /** What stands behind a keyword, `52428800` behind SIZE. */
  parameterOf(keyword: string): string | undefined {
    return this.#offers.get(keyword);
  }

  /** The reply to one command; throws {@link ConnectionLost}. */
  async command(text: string, timeoutMs = this.route.commandMs): Promise<SmtpReply> {
    this.line.write(`${text}\r\n`);
    return this.#noted(await this.line.reply(timeoutMs));
  }

  /**
   * In one write where the server takes that (RFC 2920 §3.1), else one by one; an answer for each, in their order. After a 421, or a
   * connection that was lost, there is nothing more to hear.
   */
  async commands(texts: readonly string[]): Promise<readonly Answer[]> {
    const isTogether = this.offers("PIPELINING");
    if (isTogether) this.line.write(texts.map((text) => `${text}\r\n`).join(""));
    const asked = isTogether ? texts.map(() => this.#answer()) : [];
    const answers: Answer[] = [];
    for (const [index, text] of texts.entries()) {
      if (!isTogether && this.isUsable) this.line.write(`${text}\r\n`);
      const answer = await (asked[index] ?? this.#answer());
      if (this.#isSpent) this.close();
      answers.push(answer);
    }
    return answers;
  }

  /**
   * The mail after DATA; the answer is that to its final dot, {@link ConnectionLost} where there was none. `isWhole`: the dot has left this
   * process, and the server may have the mail. A long one goes in pieces, each with a time limit of its own, and the dot when everything before it has
   * left: a server that refuses, or goes away, in the middle cannot have taken it.
   */
  async data(mail: Uint8Array): Promise<{ readonly answer: Answer; readonly isWhole: boolean }> {
    const answering = this.#answer(this.route.dataMs);
    if (!this.line.isOpen) return { answer: await answering, isWhole: false };
    if (mail.length <= AT_ONCE) {
      this.line.write(dataBlock(mail));
      return { answer: await answering, isWhole: true };
    }
    for (const piece of dataPieces(mail)) {
      const early = await Promise.race([answering, this.line.flushed(piece)]);
      if (early === undefined && this.line.isOpen) continue;
      // What it waits for now would be taken for the rest of the mail.
      this.close();
      return { answer: early ?? (await answering), isWhole: false };
    }
    this.line.write(FINAL_DOT);
    return { answer: await answering, isWhole: true };
  }

  /** Leaves a mail that was begun, so that another may follow. */
  async reset(): Promise<void> {
    if (!this.isUsable) return;
    const [answer] = await this.commands(["RSET"]);
    if (answer === undefined || answer instanceof ConnectionLost || !isPositive(answer)) this.close();
  }

  async quit(): Promise<void> {
    if (this.isUsable) await this.command("QUIT", QUIT_MS).catch(() => {});
    this.close();
  }

  close(): void {
    this.line.close();
  }

  /** Rejects for nothing but a bug of ours. */
  async #answer(timeoutMs = this.route.commandMs): Promise<Answer> {
    try {
      return this.#noted(await this.line.reply(timeoutMs));
    } catch (error) {
      if (error instanceof ConnectionLost) return error;
      throw error;
    }
  }

  /** RFC 5321 §3.8: after 421 the server is leaving. */
  #noted(reply: SmtpReply): SmtpReply {
    if (reply.code === 421) this.#isSpent = true;
    return reply;
  }
}
