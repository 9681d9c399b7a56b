import { readMessage } from "@tamis/message";
import { type DovecotServer, type SmtpSink, type SunkMail, startSmtpSink } from "@tamis/testkit";
import { bounceOf, readingOf } from "./circular/answers.ts";
import { READER } from "./circular/send-circular.ts";
import { STAFF } from "./mails/sample.ts";
import type { SchoolAccount } from "./school.ts";
import type { Tracker } from "./tracker.ts";

/** A mail that left and came back, since it was for one of the school's own mailboxes. */
export type ReturnedMail = { readonly to: string; readonly messageId: string };

/** The newest ones count: a demo may run for days. */
const KEPT = 1_000;

/** The server that everything leaves by; {@link handBack} says what it does with it. */
export const startRelay = (): Promise<SmtpSink> => startSmtpSink({ keep: false });

type HandBack = {
  readonly relay: Pick<SmtpSink, "answer">;
  readonly dovecot: Pick<DovecotServer, "deliver">;
  readonly tracker: Tracker;
  readonly accounts: readonly SchoolAccount[];
};

/**
 * From here on the relay does what a school's own would: mail for its mailboxes goes to Dovecot, by LMTP. For an address of
 * the school that is no mailbox a report comes back, and one reader tells of what was displayed. All other mail is accepted, and goes nowhere. What it handed back so far is in the list.
 */
export function handBack({ relay, dovecot, tracker, accounts }: HandBack): readonly ReturnedMail[] {
  const ids = new Map(accounts.map(({ address, id }) => [address, id]));
  const returned: ReturnedMail[] = [];
  const deliver = async (mail: SunkMail, to: string): Promise<void> => {
    const { raw, from } = mail;
    const id = ids.get(to.replace(/\+[^@]*@/, "@"));
    // As a server does that learns too late that there is no such mailbox.
    if (id === undefined && from !== "" && to.endsWith(`@${STAFF}`))
      return deliver({ ...mail, from: "", raw: bounceOf(mail, to, new Date()) }, from);
    if (id === undefined) return;
    const handover = tracker.handOver(id, { raw });
    try {
      const { acceptedAtMs } = await dovecot.deliver(to, raw, from);
      handover.accepted(acceptedAtMs);
    } catch (error) {
      handover.refused();
      throw error;
    }
    if (returned.length === KEPT) returned.shift();
    returned.push({ to, messageId: readMessage(raw).headers("message-id")[0]?.raw().trim() ?? "" });
    const reading = to === `${READER}@${STAFF}` ? readingOf(mail, to, new Date()) : null;
    if (reading !== null) await deliver({ ...mail, from: "", raw: reading }, from);
  };
  relay.answer({
    // Each recipient is a mail of its own for `outbox`: what was refused is tried again alone.
    data: async (mail) => {
      try {
        for (const to of mail.to) await deliver(mail, to);
        return "accept";
      } catch {
        return "451 4.2.0 the mailbox cannot be reached";
      }
    },
  });
  return returned;
}
