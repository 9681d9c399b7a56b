import { randomBytes } from "node:crypto";
import type { DovecotServer } from "@tamis/testkit";
import { type Mail, makeMail, type Sample, STAFF, stampOf } from "./mails/sample.ts";
import type { SchoolAccount } from "./school.ts";
import type { Tracker } from "./tracker.ts";

/** Hands mails to the mail server, one after the other. */
export type Post = {
  /** Builds the next mail of a template and delivers it. Resolves when the server took it; throws when it did not. */
  send(sample: Sample): Promise<Mail>;
  /** Mails that the server took. */
  delivered(): number;
};

type PostOptions = {
  readonly dovecot: DovecotServer;
  readonly tracker: Tracker;
  readonly accounts: readonly SchoolAccount[];
};

export function post({ dovecot, tracker, accounts }: PostOptions): Post {
  const run = randomBytes(4).toString("hex");
  const ids = new Map(accounts.map(({ local, id }) => [local, id]));
  let serial = 0;
  let delivered = 0;
  return {
    delivered: () => delivered,
    async send(sample) {
      const mail = makeMail(sample, stampOf(serial++, run, new Date()));
      const id = ids.get(sample.to);
      if (id === undefined) throw new Error(`no account ${sample.to}`);
      const handover = tracker.handOver(id, mail);
      const detail = sample.detail === undefined ? "" : `+${sample.detail}`;
      try {
        const { acceptedAtMs } = await dovecot.deliver(`${sample.to}${detail}@${STAFF}`, mail.raw, sample.from);
        handover.accepted(acceptedAtMs);
      } catch (error) {
        handover.refused();
        throw error;
      }
      delivered += 1;
      return mail;
    },
  };
}
