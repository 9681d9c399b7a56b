import assert from "node:assert/strict";
import type { SignInOutcome } from "@tamis/doors";
import type { Account } from "@tamis/kit";
import type { Ability } from "@tamis/sieve";
import { LineReader } from "../src/protocol/line-reader.ts";
import { stringOf } from "../src/protocol/response.ts";
import { Session, type SessionDeps } from "../src/session.ts";
import { memoryTables } from "./memory-tables.ts";

const anna: Account = { id: "anna", address: "anna@example.org", user: "anna@example.org", mode: "act" };
export const base64 = (text: string): string => Buffer.from(text).toString("base64");
/** Initial responses of SASL PLAIN. */
export const RIGHT = base64("\0anna@example.org\0right");
export const WRONG = base64("\0anna@example.org\0wrong");

/** A client that says its lines and gets the answers. */
export class Client {
  readonly tables = memoryTables();
  readonly changed: string[] = [];
  readonly bugs: unknown[] = [];
  readonly counted: string[] = [];
  mechanisms: ("PLAIN" | "OAUTHBEARER")[] = ["PLAIN"];
  outcome: SignInOutcome | null = null;
  readonly session: Session;
  readonly #reader = new LineReader();
  open = true;

  constructor({ tls = true, more = {} }: { readonly tls?: boolean; readonly more?: Partial<SessionDeps> } = {}) {
    const outcomeOf = (secret: string): SignInOutcome =>
      this.outcome ?? (secret === "right" ? { kind: "accepted", account: anna } : { kind: "refused" });
    const deps: SessionDeps = {
      tables: this.tables,
      offerOf: () => ({ names: ["fileinto", "copy"], lists: [], abilities: new Set<Ability>(["send", "rewrite"]) }),
      globals: { names: () => ["school"], read: (name) => (name === "school" ? "stop;" : null), version: () => "1" },
      existingFolders: async () => null,
      language: "en",
      maxScripts: 3,
      maxScriptOctets: 1_000,
      onChange: async (accountId) => void this.changed.push(accountId),
      onCommand: (verb, result) => this.counted.push(`${verb} ${result}`),
      onBug: (error) => this.bugs.push(error),
      door: {
        mechanisms: () => this.mechanisms,
        malformed: async () => ({ kind: "refused" }),
        signIn: async ({ credential }) =>
          outcomeOf(credential.kind === "password" ? credential.password : credential.token),
      },
      ...more,
    };
    this.session = new Session(deps, { peer: "192.0.2.1", tls });
  }

  async say(text: string): Promise<string> {
    this.#reader.push(Buffer.from(text));
    let answers = "";
    for (;;) {
      const line = this.open ? this.#reader.next(this.session.limits) : null;
      if (line === null) return answers;
      const reply = await this.session.handle(line);
      answers += reply.text;
      if (reply.next === "close") this.open = false;
    }
  }

  /** Its lines, ended; with literals for scripts. */
  tell(...lines: readonly string[]): Promise<string> {
    return this.say(lines.map((line) => `${line}\r\n`).join(""));
  }

  put(name: string, script: string): Promise<string> {
    return this.tell(`PUTSCRIPT ${stringOf(name)} {${Buffer.byteLength(script)}+}`, script);
  }
}

export async function signedIn(more: Partial<SessionDeps> = {}): Promise<Client> {
  const client = new Client({ more });
  assert.match(await client.tell(`AUTHENTICATE "PLAIN" "${RIGHT}"`), /^OK/);
  return client;
}
