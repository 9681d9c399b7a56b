import assert from "node:assert/strict";
import type { Answered } from "@tamis/circulars";
import type { Circular, CircularAnswer, CircularAsk, ReceiptsAnswer, ReceiptsAsk } from "@tamis/contracts";
import type { SignInOutcome } from "@tamis/doors";
import type { Account } from "@tamis/kit";
import { openApp } from "../src/app.ts";
import type { Behind, ConsoleContext, Exchange } from "../src/console-context.ts";
import { BodyRoom } from "../src/http/body.ts";
import { trusting } from "../src/http/peer.ts";
import { listRights } from "../src/lists/list-rights.ts";
import { knownPasswords } from "../src/sign-in/known-passwords.ts";
import { openSessions } from "../src/sign-in/sessions.ts";
import { MemoryBucket } from "./memory-bucket.ts";

export const URL_OF_CONSOLE = "https://console.example.org";
export const anna: Account = {
  id: "a1",
  address: "anna@example.org",
  identities: ["direction@example.org"],
  user: "anna",
  mode: "act",
};
/** Neither a sender nor an operator. */
export const bob: Account = { id: "b1", address: "bob@example.org", user: "bob", mode: "act" };
/** An operator, for whom Tamis answers receipts, in French. */
export const eve: Account = {
  id: "e1",
  address: "eve@example.org",
  user: "eve",
  mode: "act",
  receipts: {},
  language: "fr",
};

/** A circular as `outbox` shows it. */
export const circularOf = (more: Partial<Circular> = {}): Circular => ({
  id: "7",
  state: "draft",
  subject: "Rentrée <b>",
  tracked: true,
  testOf: null,
  createdAt: 0,
  dueAt: null,
  wall: null,
  zone: null,
  startedAt: null,
  deadlineAt: null,
  finishedAt: null,
  held: null,
  recipients: 2,
  counts: { scheduled: 2 },
  ...more,
});

const missing = { kind: "refused", code: "missing", reason: "there is no such circular" } as const;

type Reply = CircularAnswer | ((ask: CircularAsk) => CircularAnswer) | Error;

/** The pages and the API over an `outbox` and a `receipts` that say what a test has them say. */
export class Visit {
  /** By the operation asked for; what is not there is `missing`. */
  answers: Partial<Record<CircularAsk["op"], Reply>> = {};
  receipts: ReceiptsAnswer | ((ask: ReceiptsAsk) => ReceiptsAnswer) = {
    kind: "refused",
    code: "not-allowed",
    reason: "not shown here",
  };
  /** What adding recipients throws. */
  addFails: Error | null = null;
  readonly asked: CircularAsk[] = [];
  readonly askedReceipts: ReceiptsAsk[] = [];
  readonly created: Parameters<Behind["create"]>[0][] = [];
  readonly added: Parameters<Behind["add"]>[0][] = [];
  /** What was written before; how writing it anew is refused, null: it is not. */
  written: Awaited<ReturnType<Behind["read"]>> = missing;
  revision: Extract<CircularAnswer, { readonly kind: "refused" }> | null = null;
  readonly read: string[] = [];
  readonly revised: Parameters<Behind["revise"]>[0][] = [];
  readonly exchanges: Exchange[] = [];
  readonly bugs: unknown[] = [];
  readonly context: ConsoleContext;
  moments = 0;
  readonly #app;
  #cookie = "";

  constructor(more: Partial<ConsoleContext> = {}) {
    const accounts = [anna, bob, eve];
    this.context = {
      door: {
        account: (id) => accounts.find((one) => one.id === id) ?? null,
        malformed: async () => ({ kind: "refused" }),
        async signIn({ name, credential }): Promise<SignInOutcome> {
          const account = accounts.find(({ address }) => address === name);
          const isRight = credential.kind === "password" && credential.password === "right";
          return account !== undefined && isRight ? { kind: "accepted", account } : { kind: "refused" };
        },
      },
      sessions: openSessions(new MemoryBucket(), { lifeMs: 1_000, now: () => 0 }),
      known: knownPasswords(() => 0),
      behind: this.#behind(),
      room: new BodyRoom(10_000_000),
      followsReceipts: true,
      files: null,
      url: URL_OF_CONSOLE,
      isTrusted: trusting(["10.0.0.1"]),
      language: "en",
      timeZone: "Europe/Paris",
      maxBodyBytes: 1_000_000,
      sessionSeconds: 60,
      isSender: ({ id }) => id === anna.id,
      listsOf: listRights([{ lists: ["school:*", "list:tous"], senders: [anna.address] }]),
      isOperator: ({ id }) => id === eve.id,
      moment: async () => void this.moments++,
      clock: () => 0,
      onAnswered: (exchange) => this.exchanges.push(exchange),
      onBug: (error) => this.bugs.push(error),
      ...more,
    };
    this.#app = openApp(this.context);
  }

  #behind(): Behind {
    const reply = (ask: CircularAsk): CircularAnswer => {
      this.asked.push(ask);
      const found = this.answers[ask.op] ?? missing;
      if (found instanceof Error) throw found;
      return typeof found === "function" ? found(ask) : found;
    };
    return {
      ask: async <Kind extends CircularAnswer["kind"]>(question: CircularAsk, _kind: Kind) =>
        reply(question) as Answered<Kind>,
      create: async (circular) => {
        this.created.push(circular);
        const secrets = circular.draft.head.attachments.filter(({ secret }) => secret === true).length;
        const password = secrets === 0 || this.created.length > 1 ? {} : { password: "pass-word" };
        return { kind: "created", id: "7", fields: ["prenom"], secrets, links: 0, ...password };
      },
      read: async ({ accountId, id }) => {
        this.read.push(`${accountId}/${id}`);
        return this.written;
      },
      revise: async (revision) => {
        this.revised.push(revision);
        if (this.revision !== null) return this.revision;
        const secrets = revision.draft.head.attachments.filter(({ secret }) => secret === true).length;
        const password = secrets === 0 ? {} : { password: "pass-word" };
        return { kind: "revised", id: revision.id, fields: [], secrets, links: 0, ...password };
      },
      add: async (adding) => {
        this.added.push(adding);
        if (this.addFails !== null) throw this.addFails;
        return { kind: "added", added: adding.recipients.length, suppressed: 0, faults: [], recipients: 2 };
      },
      askReceipts: async (question) => {
        this.askedReceipts.push(question);
        return typeof this.receipts === "function" ? this.receipts(question) : this.receipts;
      },
    };
  }

  /** A request as it comes in, over TLS where nothing else is said, with the cookie of whoever signed in. */
  async request(
    path: string,
    init: RequestInit = {},
    socket = { address: "192.0.2.1", encrypted: true },
  ): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#cookie !== "" && !headers.has("cookie")) headers.set("cookie", this.#cookie);
    return this.#app.request(`${URL_OF_CONSOLE}${path}`, { ...init, headers }, socket);
  }

  /** A form as a browser posts it from a page of ours. */
  post(path: string, form: Record<string, string> | FormData, headers: Record<string, string> = {}): Promise<Response> {
    const body = form instanceof FormData ? form : new URLSearchParams(form);
    return this.request(path, { method: "POST", body, headers: { origin: URL_OF_CONSOLE, ...headers } });
  }

  async signIn(address = anna.address, password = "right"): Promise<Response> {
    const response = await this.post("/sign-in", { name: address, password, to: "/circulars/7" });
    this.#cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
    return response;
  }

  /** As a browser whose session is over. */
  signOff(): void {
    this.#cookie = "";
  }

  /** What the forms of a page carry. */
  async token(path = "/circulars/new"): Promise<string> {
    const text = await (await this.request(path)).text();
    return /name="token" value="([^"]+)"/.exec(text)?.[1] ?? assert.fail(text);
  }

  /** A request of a script, with a password. */
  api(path: string, init: RequestInit & { readonly as?: Account; readonly language?: string } = {}): Promise<Response> {
    const { as = anna, language = "en", ...rest } = init;
    const headers = new Headers(rest.headers);
    headers.set("authorization", `Basic ${Buffer.from(`${as.address}:right`).toString("base64")}`);
    headers.set("accept-language", language);
    return this.request(`/api/v1${path}`, { ...rest, headers });
  }

  /** A request of a script that sends JSON. */
  send(path: string, body: unknown, init: Parameters<Visit["api"]>[1] = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("content-type", "application/json");
    return this.api(path, { method: "POST", ...init, body: JSON.stringify(body), headers });
  }
}
