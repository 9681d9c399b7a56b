import { readFileSync } from "node:fs";
import { createSecureContext, rootCertificates } from "node:tls";
import type { Account, DoorImapSettings } from "@tamis/kit";
import type { AuthOptions, ImapFlow, ImapFlowOptions } from "imapflow";

/** What somebody shows to be let in. */
export type Credential =
  | { readonly kind: "password"; readonly password: string }
  | { readonly kind: "token"; readonly token: string };

/** `unavailable`: the server did not say yes or no. */
export type CheckResult = "right" | "wrong" | "unavailable";

/** Asks the IMAP server. */
export interface ImapCheck {
  check(account: Account, credential: Credential): Promise<CheckResult>;
  /** Whether it takes OAUTHBEARER (RFC 7628) itself; as it said when it was last asked. */
  readonly takesTokens: boolean;
  /** Asks what it takes, without signing in. `false`: it cannot be reached. */
  probe(): Promise<boolean>;
}

interface CheckOptions {
  readonly timeoutMs: number;
  /** Codes only. */
  readonly onTrouble: (fields: { readonly code: string }) => void;
}

/** Checks credentials by a log-in at the organisation's IMAP server. They are kept nowhere. */
export function imapCheck(imap: DoorImapSettings, { timeoutMs, onTrouble }: CheckOptions): ImapCheck {
  let takesTokens = false;
  const options = flowOptions(imap, timeoutMs);
  const connect = async (more: Partial<ImapFlowOptions>): Promise<{ flow: ImapFlow; error: unknown }> => {
    // Loaded with the first question: processes that never ask one need not have it.
    const { ImapFlow: Flow } = await import("imapflow");
    const flow = new Flow({ ...options, ...more });
    flow.on("error", () => undefined);
    try {
      await flow.connect();
      return { flow, error: undefined };
    } catch (error) {
      return { flow, error };
    } finally {
      flow.close();
    }
  };
  return {
    get takesTokens() {
      return takesTokens;
    },
    async probe() {
      const { flow, error } = await connect({});
      // Without a name and a password imapflow goes as far as what the server can do, and gives up.
      const answered = flow.capabilities.size > 0;
      if (answered) takesTokens = flow.capabilities.has("AUTH=OAUTHBEARER");
      else onTrouble({ code: codeOf(error) });
      return answered;
    },
    async check(account, credential) {
      const { flow, error } = await connect({
        ...(account.host === undefined ? {} : { host: account.host }),
        ...(account.port === undefined ? {} : { port: account.port }),
        auth: authOf(account, credential),
      });
      const result = resultOf(flow, error);
      if (result === "unavailable") onTrouble({ code: codeOf(error) });
      return result;
    },
  };
}

function authOf(account: Account, credential: Credential): AuthOptions {
  return credential.kind === "password"
    ? // Always the canonical name, never the one that was typed.
      { user: account.user, pass: credential.password }
    : { user: account.user, accessToken: credential.token };
}

function resultOf(flow: ImapFlow, error: unknown): CheckResult {
  if (error === undefined) return hasSignedIn(flow) ? "right" : "unavailable";
  const { authenticationFailed, serverResponseCode, response } = (error ?? {}) as {
    readonly authenticationFailed?: boolean;
    readonly serverResponseCode?: string;
    readonly response?: unknown;
  };
  if (authenticationFailed !== true || response === undefined) return "unavailable";
  // RFC 5530 §3: these are the server's own trouble.
  return /^(UNAVAILABLE|LIMIT|INUSE|SERVERBUG|CONTACTADMIN)$/i.test(serverResponseCode ?? "") ? "unavailable" : "wrong";
}

/**
 * A server that greets with PREAUTH lets everybody in and has checked nothing, and to imapflow that is as good as a
 * log-in: what counts is the mechanism that it notes as done. Its types do not tell of that note; without it nobody gets in.
 */
function hasSignedIn(flow: ImapFlow): boolean {
  const mechanisms: unknown = Reflect.get(flow, "authCapabilities");
  return mechanisms instanceof Map && [...mechanisms.values()].includes(true);
}

function codeOf(error: unknown): string {
  const { code, serverResponseCode } = (error ?? {}) as {
    readonly code?: string;
    readonly serverResponseCode?: string;
  };
  return serverResponseCode ?? code ?? (error instanceof Error ? error.name : "unknown");
}

function flowOptions(imap: DoorImapSettings, timeoutMs: number): ImapFlowOptions {
  const { host, port, tls, ca_file, verify_certificate } = imap;
  const ca = ca_file === undefined ? {} : { ca: [readFileSync(ca_file, "utf8"), ...rootCertificates] };
  return {
    host,
    port,
    secure: tls === "implicit",
    doSTARTTLS: tls === "starttls",
    tls: tls === "none" ? {} : { secureContext: createSecureContext(ca), rejectUnauthorized: verify_certificate },
    logger: false,
    clientInfo: { name: "Tamis" },
    verifyOnly: true,
    disableAutoIdle: true,
    disableAutoEnable: true,
    disableCompression: true,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  };
}
