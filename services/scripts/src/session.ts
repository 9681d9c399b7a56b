import type { Account } from "@tamis/kit";
import { StoreUnavailable } from "@tamis/store";
import { authenticate, type SaslDeps } from "./authenticate.ts";
import { capabilityLines } from "./capability.ts";
import { carryOut, type OwnerDeps } from "./owner-commands.ts";
import { type Command, readCommand, readSaslResponse, type Verb } from "./protocol/command.ts";
import type { Line, ReaderLimits, Token } from "./protocol/line-reader.ts";
import { bye, challenge, no, ok } from "./protocol/response.ts";
import { type TextName, tell } from "./texts.ts";

/** What to send, and what becomes of the connection after it. */
export interface Reply {
  readonly text: string;
  readonly next: "go-on" | "starttls" | "close";
}

export interface SessionDeps extends SaslDeps, OwnerDeps {
  /** Octets of a script. */
  readonly maxScriptOctets: number;
  /** Counts a command: its verb, and the first word of the answer. */
  readonly onCommand: (verb: Verb | "unknown", result: string) => void;
  readonly onBug: (error: unknown) => void;
}

type State =
  | { readonly kind: "stranger" }
  /** Within a SASL exchange. `refused`: the client has still to say that it heard (RFC 7628 §3.2.3). */
  | { readonly kind: "sasl"; readonly mechanism: string; readonly refused: boolean }
  | { readonly kind: "owner"; readonly account: Account };

/** RFC 5804 §2.1 shows a server that lets three attempts pass. */
const SIGN_IN_FAILURES = 3;
const FAULTS_OF_STRANGERS = 10;
const FAULTS_OF_OWNERS = 50;
const STRANGER_LIMITS: ReaderLimits = { line: 20_480, literal: 16_384, dropped: 65_536 };
const DROPPED = 16 * 1024 * 1024;
const MAX_SASL_RESPONSE = 16_384;

/** One client's conversation: what it may say when, and what it is answered. Knows nothing of sockets. */
export class Session {
  readonly #deps: SessionDeps;
  readonly #peer: string;
  #tls: boolean;
  #state: State = { kind: "stranger" };
  #mechanisms: readonly string[] = [];
  #faults = 0;
  #failures = 0;

  constructor(deps: SessionDeps, { peer, tls }: { readonly peer: string; readonly tls: boolean }) {
    this.#deps = deps;
    this.#peer = peer;
    this.#tls = tls;
    this.#settleMechanisms();
  }

  /** What is read of the client now: strangers get little. */
  get limits(): ReaderLimits {
    if (this.#state.kind !== "owner") return STRANGER_LIMITS;
    return { line: 8_192, literal: this.#deps.maxScriptOctets, dropped: DROPPED };
  }

  get isOwner(): boolean {
    return this.#state.kind === "owner";
  }

  /** RFC 5804 §1.7: sent upon connection, and again when TLS has begun (§2.2). */
  greeting(): string {
    return this.#capabilities() + ok();
  }

  /** TLS has begun: what was said before it never was (RFC 5804 §2.2). */
  tlsBegan(): string {
    this.#tls = true;
    this.#state = { kind: "stranger" };
    this.#settleMechanisms();
    return this.greeting();
  }

  /** Never throws. */
  async handle(line: Line): Promise<Reply> {
    if (line.kind === "fault") return this.#wrong(line.fault, line.fatal);
    const { kind } = this.#state;
    return kind === "sasl" ? this.#saslResponse(this.#state, line) : this.#command(line);
  }

  async #command(line: Extract<Line, { kind: "line" }>): Promise<Reply> {
    const read = readCommand(line.tokens);
    if (read.kind === "fault") {
      this.#deps.onCommand(read.verb ?? "unknown", "NO");
      return this.#wrong(read.fault, false, read.code);
    }
    const reply = await this.#answer(read.command);
    this.#deps.onCommand(read.command.verb, /^(?:.*\r\n)*?(OK|NO|BYE)\b/.exec(reply.text)?.[1] ?? "challenge");
    return reply;
  }

  async #answer(command: Command): Promise<Reply> {
    try {
      return await this.#carryOut(command);
    } catch (error) {
      if (error instanceof StoreUnavailable) return this.#no("unavailable", "TRYLATER");
      this.#deps.onBug(error);
      return this.#no("bug", "TRYLATER");
    }
  }

  async #carryOut(command: Command): Promise<Reply> {
    switch (command.verb) {
      case "LOGOUT":
        return { text: ok(), next: "close" };
      case "CAPABILITY":
        return goOn(this.#capabilities() + ok());
      case "NOOP":
        return goOn(command.tag === null ? ok() : ok(undefined, { tag: command.tag }));
      case "STARTTLS":
        return this.#startTls();
      case "AUTHENTICATE":
        return this.#authenticate(command);
      case "UNAUTHENTICATE":
        if (this.#state.kind !== "owner") return this.#no("not-signed-in");
        this.#state = { kind: "stranger" };
        this.#settleMechanisms();
        return goOn(ok());
      default:
        if (this.#state.kind !== "owner") return this.#wrong("sign-in-first", false);
        return goOn(await carryOut(command, this.#state.account, this.#deps));
    }
  }

  #startTls(): Reply {
    if (this.#state.kind === "owner") return this.#no("tls-not-here");
    if (this.#tls) return this.#no("tls-already");
    return { text: ok(), next: "starttls" };
  }

  async #authenticate({ mechanism, initial }: Extract<Command, { verb: "AUTHENTICATE" }>): Promise<Reply> {
    if (this.#state.kind === "owner") return this.#no("signed-in-already");
    if (!this.#tls) return this.#no("tls-first", "ENCRYPT-NEEDED");
    if (!this.#mechanisms.includes(mechanism)) return this.#no("no-such-mechanism");
    if (initial !== null) return this.#signIn(mechanism, readSaslResponse([{ kind: "string", bytes: initial }]));
    // RFC 5804 §2.1: an empty challenge asks for what could have come with the command.
    this.#state = { kind: "sasl", mechanism, refused: false };
    return goOn(challenge(""));
  }

  async #saslResponse(state: Extract<State, { kind: "sasl" }>, line: Extract<Line, { kind: "line" }>): Promise<Reply> {
    this.#state = { kind: "stranger" };
    const [token] = line.tokens;
    if (state.refused) return this.#refused("refused");
    if (isCancel(token)) return this.#no("cancelled");
    return this.#signIn(state.mechanism, readSaslResponse(line.tokens));
  }

  async #signIn(mechanism: string, message: Uint8Array | null): Promise<Reply> {
    const short = message !== null && message.length <= MAX_SASL_RESPONSE ? message : null;
    const outcome = await authenticate(mechanism, short, this.#peer, this.#deps).catch((error: unknown) => {
      this.#deps.onBug(error);
      return { kind: "later" } as const;
    });
    switch (outcome.kind) {
      case "accepted":
        this.#state = { kind: "owner", account: outcome.account };
        this.#faults = 0;
        return goOn(ok());
      case "challenge":
        this.#state = { kind: "sasl", mechanism, refused: true };
        return goOn(challenge(Buffer.from(outcome.text).toString("base64")));
      case "refused":
      case "later":
        return this.#refused(outcome.kind);
      default:
        return outcome satisfies never;
    }
  }

  #refused(why: "refused" | "later"): Reply {
    if (++this.#failures >= SIGN_IN_FAILURES) return { text: bye(this.#say("too-many-failures")), next: "close" };
    return this.#no(why, why === "later" ? "TRYLATER" : undefined);
  }

  /** A wrong command, of which a client may send some. */
  #wrong(name: TextName, fatal: boolean, code?: Parameters<typeof no>[1]): Reply {
    if (this.#state.kind === "sasl") this.#state = { kind: "stranger" };
    if (fatal) return { text: bye(this.#say(name)), next: "close" };
    if (++this.#faults > (this.isOwner ? FAULTS_OF_OWNERS : FAULTS_OF_STRANGERS))
      return { text: bye(this.#say("too-many-faults")), next: "close" };
    return this.#no(name, code);
  }

  #no(name: TextName, code?: Parameters<typeof no>[1]): Reply {
    return goOn(no(this.#say(name), code));
  }

  /** RFC 5804 §1.7: what is offered stays as it is until TLS begins or somebody signs in or out. */
  #settleMechanisms(): void {
    this.#mechanisms = this.#tls ? this.#deps.door.mechanisms() : [];
  }

  #capabilities(): string {
    const account = this.#state.kind === "owner" ? this.#state.account : null;
    const { names, abilities, lists } = this.#deps.offerOf(account?.id ?? null);
    return capabilityLines({
      extensions: names,
      lists,
      sends: abilities.has("send"),
      mechanisms: this.#mechanisms,
      startTls: !this.#tls,
      owner: account?.address ?? null,
      language: this.#deps.language,
    });
  }

  #say(name: TextName): string {
    return tell(name, this.#deps.language);
  }
}

/**
 * RFC 5804 §2.1: a string of one `*`.
 * QUIRK: sieveshell (cyrus-admin) sends it as an atom, as IMAP clients do.
 */
function isCancel(token: Token | undefined): boolean {
  if (token?.kind === "atom") return token.text === "*";
  return token?.kind === "string" && token.bytes.length === 1 && token.bytes[0] === "*".charCodeAt(0);
}

const goOn = (text: string): Reply => ({ text, next: "go-on" });
