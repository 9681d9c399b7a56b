import type { SmtpLine } from "./line.ts";
import { formatReply, isPositive, type SmtpReply } from "./reply.ts";
import { RelayUnavailable, type Route } from "./route.ts";

/** How long a farewell may take. */
const QUIT_MS = 2_000;

/** A conversation with the relay: what it offers, and one command after the other. */
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
    return !this.#isSpent && this.line.isOpen && !this.line.spokeUnasked;
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

  async command(text: string, timeoutMs = this.route.commandMs): Promise<SmtpReply> {
    const [reply] = await this.commands([text], timeoutMs);
    // Proof: as many replies as commands.
    return reply as SmtpReply;
  }

  /** Together where the server takes that (RFC 2920), else one by one; a reply for each. */
  async commands(texts: readonly string[], timeoutMs = this.route.commandMs): Promise<readonly SmtpReply[]> {
    if (this.offers("PIPELINING")) {
      this.line.write(texts.map((text) => `${text}\r\n`).join(""));
      return this.#noted(await Promise.all(texts.map(() => this.line.reply(timeoutMs))));
    }
    const replies: SmtpReply[] = [];
    for (const text of texts) {
      this.line.write(`${text}\r\n`);
      replies.push(await this.line.reply(timeoutMs));
    }
    return this.#noted(replies);
  }

  /** The data block; the answer is that to its final dot. */
  async data(block: Uint8Array): Promise<SmtpReply> {
    this.line.write(block);
    const [reply] = this.#noted([await this.line.reply(this.route.dataMs)]);
    // Proof: one in, one out.
    return reply as SmtpReply;
  }

  /** Leaves a mail that was begun, so that another may follow. */
  async reset(): Promise<void> {
    if (this.isUsable) await this.command("RSET").catch(() => this.close());
  }

  async quit(): Promise<void> {
    if (this.isUsable) await this.command("QUIT", QUIT_MS).catch(() => {});
    this.close();
  }

  close(): void {
    this.line.close();
  }

  /** RFC 5321 §3.8: after 421 the server is leaving. */
  #noted(replies: readonly SmtpReply[]): readonly SmtpReply[] {
    if (replies.some(({ code }) => code === 421)) this.#isSpent = true;
    return replies;
  }
}
