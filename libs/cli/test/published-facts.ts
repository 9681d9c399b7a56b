import { type AppliedMail, mailApplied, mailDecided, type Plan, partitionOf } from "@tamis/contracts";
import type { Installation } from "./harness.ts";

const P = partitionOf("anna");
/** The id of a mail of the account `anna` in INBOX. */
export const mailId = (uid: number): string => `anna/8b9f2e1c/7/${uid}`;
const folder = (mailbox: string): Plan => ({
  copies: [],
  destination: { kind: "folder", mailbox, create: false, addFlags: ["\\Flagged"], removeFlags: [] },
});

/** Facts as `filter` and `mailbox` publish them. */
export class PublishedFacts {
  readonly site: Installation;
  #n = 0;

  constructor(site: Installation) {
    this.site = site;
  }

  async decided(
    uid: number,
    more: { readonly sortId?: string; readonly error?: string; readonly accountId?: string } = {},
  ): Promise<void> {
    const { sortId, error, accountId = "anna" } = more;
    const mail = {
      mailId: mailId(uid).replace("anna", accountId),
      at: Date.now(),
      plan: folder("Lists"),
      rule: "Lists",
      line: 3,
      trace: [{ line: 3, text: 'header subject "[info]": [info] x' }],
      durationMs: 0.1,
      ...(error === undefined ? {} : { error }),
    };
    const fact = {
      v: 1,
      accountId,
      mode: "act",
      ...(sortId === undefined ? {} : { sortId }),
      script: { name: "main", version: "v1" },
      mails: [mail],
    } as const;
    await this.site.bus.publishFact(mailDecided, P, fact, `decided/${this.#n++}`);
  }

  async applied(uid: number, more: Partial<AppliedMail> & { readonly sortId?: string } = {}): Promise<void> {
    const { sortId, ...about } = more;
    const now = Date.now();
    const times = {
      seenAt: now - 20,
      fetchedAt: now - 15,
      receivedByFilterAt: now - 10,
      decidedAt: now - 5,
      appliedAt: now,
    };
    const mail: AppliedMail = {
      mailId: mailId(uid),
      result: "moved",
      folder: "Lists",
      newMailId: `anna/0a0b0c0d/9/${uid}`,
      ...times,
      ...about,
    };
    await this.site.bus.publishFact(
      mailApplied,
      P,
      { v: 1, accountId: "anna", ...(sortId === undefined ? {} : { sortId }), mails: [mail] },
      `applied/${this.#n++}`,
    );
  }
}
