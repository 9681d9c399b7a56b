import { type AppliedMail, type MailDecided, mailApplied, mailDecided, parseMailId } from "@tamis/contracts";

type DecidedMail = MailDecided["mails"][number];

/** A mail of ours as it was handed to the server. */
export type TrackedMail = { readonly raw: Uint8Array };

/** One mail that was seen through: what the live view prints a line about. */
export type Sighting = {
  readonly accountId: string;
  /** Absent for mail that somebody else put there. */
  readonly mail?: TrackedMail;
  readonly decided?: DecidedMail;
  readonly applied: AppliedMail;
  /** From the server's notice to the mail in its folder, ms. */
  readonly ownMs: number;
  /** From the acceptance of the mail by LMTP, ms; absent for mail of others. */
  readonly wholeMs?: number;
};

/** A mail on its way to the server. */
export type Handover = {
  /** @param atMs when the server took it, epoch ms */
  accepted(atMs: number): void;
  /** The server did not take it. */
  refused(): void;
};

export type Tracker = {
  /** Call it just before a delivery, one delivery per account at a time. */
  handOver(accountId: string, mail: TrackedMail): Handover;
  /** Takes any fact of EVENTS, in the order of the stream. */
  onFact(subject: string, payload: Uint8Array): void;
  /** Mails handed over that no fact has told the end of. */
  pending(): readonly TrackedMail[];
};

type Sent = { readonly mail: TrackedMail; acceptedAtMs?: number };
type Parted = { decided?: DecidedMail; applied?: AppliedMail };

/** Facts may overtake each other by a little: a line waits so long for its rule, ms. */
const DECISION_GRACE_MS = 1_000;

const name = (subject: string): string => subject.split(".")[2] ?? "";
const json = (payload: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(payload));

/**
 * Facts name a mail by its UID and never by its subject. Here the mailboxes are ours and fresh, so the n-th mail
 * accepted for an account has UID n, and the tracker can tell which mail a fact is about.
 */
export function tracker(onSighting: (sighting: Sighting) => void): Tracker {
  const nextUid = new Map<string, number>();
  const sent = new Map<string, Sent>();
  const parted = new Map<string, Parted>();

  const tell = (mailId: string): void => {
    const { decided, applied } = parted.get(mailId) ?? {};
    const key = parseMailId(mailId);
    if (applied === undefined || key === null || !parted.delete(mailId)) return;
    const place = `${key.accountId}/${key.uid}`;
    const known = sent.get(place);
    sent.delete(place);
    // Somebody moved a mail of theirs into INBOX: the numbers after it shift.
    if (known === undefined) nextUid.set(key.accountId, Math.max(key.uid + 1, nextUid.get(key.accountId) ?? 1));
    onSighting({
      accountId: key.accountId,
      applied,
      ownMs: applied.appliedAt - applied.seenAt,
      ...(decided && { decided }),
      ...(known && { mail: known.mail }),
      ...(known?.acceptedAtMs !== undefined && { wholeMs: applied.appliedAt - known.acceptedAtMs }),
    });
  };

  const note = (mailId: string, part: Parted): void => {
    const both = { ...parted.get(mailId), ...part };
    parted.set(mailId, both);
    if (both.decided && both.applied) tell(mailId);
    else if (both.applied) setTimeout(tell, DECISION_GRACE_MS, mailId).unref();
  };

  return {
    handOver(accountId, mail) {
      const uid = nextUid.get(accountId) ?? 1;
      nextUid.set(accountId, uid + 1);
      const entry: Sent = { mail };
      sent.set(`${accountId}/${uid}`, entry);
      return {
        accepted: (atMs) => {
          entry.acceptedAtMs = atMs;
        },
        refused: () => {
          sent.delete(`${accountId}/${uid}`);
          nextUid.set(accountId, uid);
        },
      };
    },
    onFact(subject, payload) {
      if (name(subject) === mailDecided.name) {
        for (const mail of mailDecided.schema.parse(json(payload)).mails) note(mail.mailId, { decided: mail });
      } else if (name(subject) === mailApplied.name) {
        for (const mail of mailApplied.schema.parse(json(payload)).mails) note(mail.mailId, { applied: mail });
      }
    },
    pending: () => Array.from(sent.values(), ({ mail }) => mail),
  };
}
