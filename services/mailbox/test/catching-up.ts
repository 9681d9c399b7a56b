import { type BatchHead, folderIdOf } from "@tamis/contracts";
import { type AccountRecord, newRecord, unsettled } from "../src/account-record.ts";
import { CatchUp, type HandedMail } from "../src/catch-up.ts";
import type { Portion } from "../src/fetch-mails.ts";
import { PlainSession, text } from "./plain-session.ts";

const head: BatchHead = {
  v: 1,
  accountId: "ada",
  address: "ada@ac.test",
  mode: "act",
  purpose: "live",
  folder: { id: folderIdOf("INBOX"), name: "INBOX", uidValidity: 100 },
};

/** A catch-up before folders in memory and a stream whose answers the test gives. */
export class Scene {
  readonly session = new PlainSession();
  readonly record: AccountRecord;
  readonly published: number[][] = [];
  readonly awaited: number[] = [];
  /** What the catch-up knew of them in the end. */
  readonly safe: HandedMail[] = [];
  readonly unreadable: number[] = [];
  /** What JetStream answers. */
  publish: (uids: readonly number[]) => Promise<void> = async () => undefined;
  /** The commands given with each answer. */
  carried: Promise<unknown> | null = null;
  /** What is known of the rules. */
  reads: Portion["reads"] = "whole";
  readonly catchUp: CatchUp;
  failures = 0;
  /** Up to where mail was about to be handed over. */
  expected = 0;

  constructor(mails = 0, through = 0) {
    for (let i = 1; i <= mails; i++) this.session.inbox.add(text(`m${i}`));
    this.record = newRecord(100, through, 0);
    this.catchUp = new CatchUp(this.session.asSession, {
      portion: () => ({ reads: this.reads, inlineBytes: 1_000 }),
      record: this.record,
      head: () => head,
      handOver: async (_head, batch) => {
        const uids = uidsOf(batch);
        this.published.push(uids);
        await this.publish(uids);
        return { carried: this.carried };
      },
      onExpected: (through) => {
        this.expected = through;
      },
      onPublished: (batch) => {
        this.safe.push(...batch);
        this.awaited.push(...uidsOf(batch));
      },
      onFailed: () => {
        this.failures += 1;
      },
      onUnreadable: (uid) => this.unreadable.push(uid),
    });
  }

  get marks(): unknown {
    return { published: this.record.published, unsettled: unsettled(this.record) };
  }

  async all(): Promise<void> {
    await this.catchUp.look();
    while (this.catchUp.hasMore) if (!(await this.catchUp.step(0))) break;
    await this.catchUp.flush();
  }
}

export const uidsOf = (mails: readonly HandedMail[]): number[] => mails.map(({ uid }) => uid);
