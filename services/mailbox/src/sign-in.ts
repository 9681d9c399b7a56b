import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { promisify } from "node:util";
import type { Account, ImapSettings } from "@tamis/kit";
import { type AuthOptions, ImapFlow, type ImapFlowOptions } from "imapflow";
import type { ImapSockets } from "./imap/imap-connection.ts";
import { suggestedPause } from "./imap/suggested-pause.ts";

/** A connection signed in as one account; imapflow set it up and let go of it. */
export interface SignedIn {
  readonly sockets: ImapSockets;
  readonly capabilities: readonly string[];
}

/**
 * Why a connection could not be had. Stable codes: `auth-failed` (a person must act), `auth-unavailable` (try later),
 * `token-failed`, `tls-failed`, `unreachable`. `detail` is for doctor: the server's or the system's own words.
 */
export class SignInFailed extends Error {
  override readonly name = "SignInFailed";
  readonly code: "auth-failed" | "auth-unavailable" | "token-failed" | "tls-failed" | "unreachable";
  readonly detail: string;
  /** How long the server still asks to be left alone. */
  readonly pauseMs: number;
  constructor(
    code: SignInFailed["code"],
    detail: string,
    { cause, pauseMs = 0 }: { readonly cause?: unknown; readonly pauseMs?: number } = {},
  ) {
    super(`cannot sign in: ${code}`, { cause });
    this.code = code;
    this.detail = detail;
    this.pauseMs = pauseMs;
  }
}

export interface SignInOptions {
  readonly keepAliveMs: number;
  readonly timeoutMs: number;
}

const run = promisify(execFile);

/** Signs accounts in at the organisation's IMAP server. Holds the TLS context, shared by all connections (30 KB less each). */
export class SignIn {
  readonly #imap: ImapSettings;
  readonly #options: SignInOptions;
  #secureContext: SecureContext | null = null;
  /** OAuth2: account id → the last token, until the server refuses it. */
  readonly #tokens = new Map<string, string>();

  constructor(imap: ImapSettings, options: SignInOptions) {
    this.#imap = imap;
    this.#options = options;
  }

  /** Where the account's mail is: its own server, or the organisation's. */
  serverOf({ host, port }: Account): { readonly host: string; readonly port: number } {
    return { host: host ?? this.#imap.host, port: port ?? this.#imap.port };
  }

  /** Throws {@link SignInFailed}. `signal` ends the attempt. A kept token that is refused is replaced once. */
  async open(account: Account, signal?: AbortSignal): Promise<SignedIn> {
    const wasKept = this.#tokens.has(account.id);
    try {
      return await this.#connect(account, signal);
    } catch (error) {
      const isRefused = error instanceof SignInFailed && error.code === "auth-failed";
      if (isRefused) this.#tokens.delete(account.id);
      if (!isRefused || !wasKept) throw error;
      return await this.#connect(account, signal);
    }
  }

  async #connect(account: Account, signal?: AbortSignal): Promise<SignedIn> {
    const auth = await this.#auth(account);
    const flow = new ImapFlow(this.#flowOptions(account, auth));
    flow.on("error", () => undefined);
    const abort = (): void => flow.close();
    signal?.addEventListener("abort", abort, { once: true });
    try {
      if (signal?.aborted) throw new Error("stopped");
      await flow.connect();
      const capabilities = [...flow.capabilities.keys()];
      const { readSocket, writeSocket, socket } = flow.unbind();
      keepAlive(socket, this.#options.keepAliveMs);
      // Proof: without a proxy or a custom transport imapflow's socket is a net.Socket or tls.TLSSocket.
      return {
        sockets: { read: readSocket, write: writeSocket, socket: socket as unknown as ImapSockets["socket"] },
        capabilities,
      };
    } catch (cause) {
      flow.close();
      throw classify(cause);
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  async #auth(account: Account): Promise<AuthOptions> {
    const how = this.#imap.sign_in;
    switch (how.method) {
      case "master":
        return { user: `${account.user}${how.separator}${how.user}`, pass: how.password.reveal() };
      case "authzid":
        return { user: how.user, pass: how.password.reveal(), authzid: account.user };
      case "password":
        if (account.secret === undefined)
          throw new SignInFailed("auth-failed", "this account has no password in the configuration");
        return { user: account.user, pass: account.secret.reveal() };
      case "oauth2":
        return { user: account.user, accessToken: await this.#token(account, how.command) };
      default:
        return how satisfies never;
    }
  }

  async #token(account: Account, command: readonly string[]): Promise<string> {
    const token = this.#tokens.get(account.id) ?? (await printToken(command, account.address));
    this.#tokens.set(account.id, token);
    return token;
  }

  #flowOptions(account: Account, auth: AuthOptions): ImapFlowOptions {
    const { tls } = this.#imap;
    return {
      ...this.serverOf(account),
      secure: tls === "implicit",
      doSTARTTLS: tls === "starttls",
      auth,
      tls: tls === "none" ? {} : { secureContext: this.#context(), rejectUnauthorized: this.#imap.verify_certificate },
      logger: false,
      clientInfo: { name: "Tamis" },
      disableAutoIdle: true,
      disableAutoEnable: true,
      disableCompression: true,
      connectionTimeout: this.#options.timeoutMs,
      greetingTimeout: this.#options.timeoutMs,
      socketTimeout: this.#options.timeoutMs,
    };
  }

  #context(): SecureContext {
    const { ca_file } = this.#imap;
    this.#secureContext ??= createSecureContext(
      ca_file === undefined ? {} : { ca: [readFileSync(ca_file, "utf8"), ...rootCertificates] },
    );
    return this.#secureContext;
  }
}

/** A token must come within 30 s, on one line. */
async function printToken(command: readonly string[], address: string): Promise<string> {
  const [program = "", ...args] = command;
  try {
    const { stdout } = await run(program, [...args, address], { timeout: 30_000, maxBuffer: 64 * 1024 });
    const token = stdout.trim();
    if (token === "") throw new Error("it printed nothing");
    return token;
  } catch (cause) {
    throw new SignInFailed(
      "token-failed",
      `the token command failed: ${cause instanceof Error ? cause.message.split("\n")[0] : ""}`,
      { cause },
    );
  }
}

/** RFC 9293 keepalive finds a dead peer: after `afterMs` of silence Node probes each second, ten times. */
function keepAlive(socket: unknown, afterMs: number): void {
  if (typeof socket !== "object" || socket === null) return;
  const { setKeepAlive, setNoDelay } = socket as { setKeepAlive?: unknown; setNoDelay?: unknown };
  if (typeof setKeepAlive === "function") setKeepAlive.call(socket, true, afterMs);
  if (typeof setNoDelay === "function") setNoDelay.call(socket, true);
}

const TLS_CODES = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH)/;

function classify(cause: unknown): SignInFailed {
  if (cause instanceof SignInFailed) return cause;
  const error = (cause ?? {}) as {
    authenticationFailed?: boolean;
    serverResponseCode?: string;
    code?: string;
    message?: string;
    responseText?: string;
    throttleWaited?: number;
  };
  const words = error.responseText ?? error.message ?? "";
  if (error.code === "ETHROTTLE") {
    // imapflow has waited, though never for longer than it waits for a word of the server.
    const pauseMs = Math.max(0, (suggestedPause(words) ?? 0) - (error.throttleWaited ?? 0));
    return new SignInFailed("auth-unavailable", words, { cause, pauseMs });
  }
  if (error.authenticationFailed) {
    // RFC 5530 §3: UNAVAILABLE, LIMIT, INUSE are the server's trouble, not a wrong password.
    const later = /^(UNAVAILABLE|LIMIT|INUSE|SERVERBUG|CONTACTADMIN)$/i.test(error.serverResponseCode ?? "");
    return new SignInFailed(later ? "auth-unavailable" : "auth-failed", words, { cause });
  }
  if (TLS_CODES.test(error.code ?? "")) {
    // Node's own advice about its options helps nobody who runs Tamis.
    return new SignInFailed("tls-failed", `${error.code}: ${words.replace(/;.*$/s, "")}`, { cause });
  }
  return new SignInFailed("unreachable", `${error.code ?? ""} ${words}`.trim(), { cause });
}
