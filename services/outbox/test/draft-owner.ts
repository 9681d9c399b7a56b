import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import {
  type DraftsAnswer,
  type DraftsAsk,
  draftsAnswer,
  type MailboxAsk,
  mailboxAsk,
  outgoingObjects,
  subjects,
} from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";
import type { World } from "./world.ts";

type DraftAsk = Extract<MailboxAsk, { readonly op: "draft-sent" | "draft-back" }>;

/** A draft as Send Later leaves it, to one who is named and one who is not. */
export const draftFor = (at: Date, more = ""): Buffer =>
  Buffer.from(
    `X-Send-Later-At: ${at.toUTCString()}\r\n${more}Bcc: carl@example.com\r\nFrom: Anna <anna@example.org>\r\nTo: Bob <bob@example.com>\r\nSubject: ${randomUUID()}\r\n\r\nx\r\n`,
  );

/** Whole seconds from now: the next one that is at least so far away. */
export const inSeconds = (seconds: number): Date => new Date((Math.floor(Date.now() / 1000) + 1 + seconds) * 1000);

type Asked = DraftAsk & { readonly raw: string | null };

/** `mailbox`, as far as drafts go, for the account of a world. */
export class DraftOwner {
  /** By how often it was asked for the account. */
  answers: (count: number) => "done" | "refused" = () => "done";
  readonly #all: Asked[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Answers from now on. */
  async play(): Promise<void> {
    const { bus } = this.#world;
    const objects = await bus.objects(outgoingObjects);
    await bus.respond("mailbox.ask.*", async ({ payload }) => {
      const ask = mailboxAsk.parse(JSON.parse(Buffer.from(payload).toString()));
      assert.ok(ask.op === "draft-sent" || ask.op === "draft-back");
      const raw = ask.op === "draft-sent" ? await objects.get(ask.object) : null;
      this.#all.push({ ...ask, raw: raw === null ? null : Buffer.from(raw).toString() });
      const kind = this.answers(this.asked.length);
      return {
        payload: Buffer.from(JSON.stringify(kind === "done" ? { kind, mails: 1 } : { kind, reason: "not now" })),
      };
    });
  }

  /** What it was asked for the account, in order, with the octets of copies. */
  get asked(): readonly Asked[] {
    return this.#all.filter(({ accountId }) => accountId === this.#world.account);
  }

  async offer(raw: Buffer): Promise<DraftsAnswer["kind"]> {
    const object = `offer-${randomUUID()}`;
    await (await this.#world.bus.objects(outgoingObjects)).put(object, raw);
    const answer = await this.#ask({
      op: "offer",
      ...this.#owner,
      identities: [],
      user: "anna",
      place: "drafts",
      fingerprint: fingerprintOf(raw),
      internalDate: 1_700_000_000_000,
      seenAt: Date.now(),
      size: raw.length,
      object,
    });
    return answer.kind;
  }

  async confirm(raw: Buffer): Promise<string | undefined> {
    const answer = await this.#ask({ op: "confirm", ...this.#owner, fingerprints: [fingerprintOf(raw)] });
    return answer.kind === "confirmed" ? answer.drafts[0]?.state : answer.kind;
  }

  /** Taken, hidden and confirmed. */
  async schedule(raw: Buffer): Promise<void> {
    assert.equal(await this.offer(raw), "offered");
    assert.equal(await this.confirm(raw), "kept");
  }

  async hearOfReply(messageId: string): Promise<void> {
    const { accountId } = this.#owner;
    assert.equal((await this.#ask({ op: "replied", accountId, messageIds: [messageId] })).kind, "done");
  }

  /** What it was asked when it was asked so often. */
  async askedTimes(count: number): Promise<readonly Asked[]> {
    // A process that was killed before it had written the answer down has the draft for a minute and a half.
    await waitFor(() => this.asked.length >= count, { timeoutMs: 120_000, describe: `${count} questions to mailbox` });
    return this.asked;
  }

  get #owner() {
    return { accountId: this.#world.account, address: "anna@example.org" };
  }

  async #ask(ask: DraftsAsk): Promise<DraftsAnswer> {
    const payload = Buffer.from(JSON.stringify(ask));
    const reply = await this.#world.bus.request(subjects.outboxDrafts, payload, { timeoutMs: 10_000 });
    return draftsAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString()));
  }
}

const fingerprintOf = (raw: Buffer): string => createHash("sha1").update(raw).digest("hex").slice(0, 16);
