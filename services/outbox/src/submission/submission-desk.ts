import { createHash, randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import type { CircularReceipts } from "@tamis/contracts";
import { type OpenDoors, parseOauthBearer, type SignInOutcome } from "@tamis/doors";
import type { Account } from "@tamis/kit";
import { StoreUnavailable } from "@tamis/store";
import { MOST_TRACKED } from "../deliver.ts";
import type { SendingKind } from "../sending-kind.ts";
import { localReply, type SmtpReply } from "../smtp/reply.ts";
import type { AdmittedSending } from "../tables/intake.ts";
import type { SubmittedMail } from "../tables/submissions.ts";
import type { Separator } from "../tracking/subaddressing.ts";
import { asWriter, type FurtherIdentities } from "./as-writer.ts";
import { askRelay } from "./ask-relay.ts";
import { authzidAs } from "./authzid.ts";
import type { SubmissionConfig } from "./config.ts";
import { dsnRequestOf, type Recipient, readRecipient, readSender, type Sender } from "./envelope.ts";
import type { ImmediateSender } from "./immediate-sender.ts";
import { type PreparedMail, prepareMail } from "./prepare-mail.ts";
import type { Addressed, Credentials, Visit } from "./smtp-door.ts";
import type { Spool, Spooled } from "./spool.ts";

/** What is kept of somebody who is connected. */
export interface Guest {
  account: Account | null;
  refusals: number;
  sender: Sender | null;
}

export const newGuest = (): Guest => ({ account: null, refusals: 0, sender: null });

export interface DeskOptions {
  readonly door: Pick<OpenDoors, "signIn" | "malformed" | "mechanisms" | "account">;
  readonly immediate: ImmediateSender;
  readonly spool: Spool;
  readonly settings: Pick<SubmissionConfig, "max_hold_days" | "send_as">;
  /** Who knows addresses that accounts may write as beside those configured. */
  readonly identities: FurtherIdentities;
  readonly name: string;
  readonly maxReceived: number;
  /** Whether receipts are followed here. */
  readonly isTracking: boolean;
  /** Receipts that an author asks for may be asked for at a subaddress of his, which begins with this; null: they stay as they are. */
  readonly separator: Separator | null;
  readonly lifeMs: (kind: SendingKind) => number;
  readonly now: () => Date;
  readonly log: {
    info(fields: Readonly<Record<string, unknown>>, event: string): void;
    warn(fields: Readonly<Record<string, unknown>>, event: string): void;
  };
  /** `sent`, `held`, `known`, `refused`, `later`: what became of a mail. */
  readonly onMail: (result: string) => void;
  /** Runs the taking of a mail in a trace of its own, and says which. */
  readonly traced: (work: (traceparent: string | null) => Promise<SmtpReply>) => Promise<SmtpReply>;
}

const DAY_MS = 86_400_000;
const REFUSALS = 3;

const ok = localReply(250, "2.0.0", "accepted");

/** What is answered to those who submit mail. */
export class SubmissionDesk {
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  get maxHoldMs(): number {
    return this.#options.settings.max_hold_days * DAY_MS;
  }

  /** Only where the IMAP server, which checks them, takes them itself. */
  takesTokens(): boolean {
    return this.#options.door.mechanisms().includes("OAUTHBEARER");
  }

  async signIn(credentials: Credentials, { peer, state }: Visit<Guest>): Promise<SmtpReply> {
    const outcome = await this.#outcomeOf(credentials, peer);
    switch (outcome.kind) {
      case "accepted":
        state.account = outcome.account;
        return localReply(235, "2.7.0", "welcome");
      case "later":
        return localReply(454, "4.7.0", "signing in is not possible now: try again later");
      case "refused":
        // RFC 4954 §4: guessing is not to go on on one connection.
        if (++state.refusals >= REFUSALS) return localReply(421, "4.7.0", "too many refusals");
        return localReply(
          535,
          "5.7.8",
          `the name or the ${credentials.kind === "bearer" ? "token" : "password"} is wrong`,
        );
      default:
        return outcome satisfies never;
    }
  }

  #outcomeOf(credentials: Credentials, peer: string): Promise<SignInOutcome> {
    const { door } = this.#options;
    if (credentials.kind === "password") {
      const { name, authzid, password } = credentials;
      return door.signIn({ name, authzid, peer, credential: { kind: "password", password } });
    }
    const bearer = parseOauthBearer(credentials.message);
    if (bearer === null) return door.malformed("OAUTHBEARER", peer);
    return door.signIn({ name: bearer.name, authzid: "", peer, credential: { kind: "token", token: bearer.token } });
  }

  async sender({ address, parameters }: Addressed, { state }: Visit<Guest>): Promise<SmtpReply> {
    const account = this.#accountOf(state);
    if (account === null) return localReply(530, "5.7.0", "sign in first");
    const rules = { maxHoldMs: this.maxHoldMs, now: this.#options.now() };
    const sender = await asWriter(account, this.#options.identities, (writer) =>
      readSender(address, parameters, { ...rules, account: writer }),
    );
    if ("code" in sender) return sender;
    state.sender = sender;
    return ok;
  }

  /** The relay's word on a recipient is told at once; of held mail it is asked when it leaves. */
  async recipient({ address, parameters }: Addressed, { state }: Visit<Guest>): Promise<SmtpReply> {
    const { sender } = state;
    const account = this.#accountOf(state);
    if (sender === null || account === null) return localReply(503, "5.5.1", "MAIL comes first");
    const recipient = readRecipient(address, parameters, sender.isUtf8);
    if ("code" in recipient) return recipient;
    if (sender.hold !== null) return ok;
    const { immediate } = this.#options;
    const authzid = this.#authzidOf(account);
    return immediate.withRelay((relay) => askRelay({ sender, recipient, authzid }, relay));
  }

  mail(stream: Readable, addressed: readonly Addressed[], visit: Visit<Guest>): Promise<SmtpReply> {
    return this.#options.spool.with(stream, (spooled) =>
      this.#options.traced((traceparent) => this.#take(spooled, { addressed, visit, traceparent })),
    );
  }

  async #take(spooled: Spooled, { addressed, visit, traceparent }: Taking): Promise<SmtpReply> {
    const { sender } = visit.state;
    const account = this.#accountOf(visit.state);
    if (sender === null || account === null) return localReply(503, "5.5.1", "MAIL comes first");
    if (spooled.kind === "too-long") return localReply(552, "5.3.4", "the mail is too long");
    if (spooled.kind === "no-room") return localReply(452, "4.3.1", "too many mails are coming in: try again later");
    const { name, maxReceived, now, log, onMail } = this.#options;
    const began = performance.now();
    const recipients = recipientsOf(addressed, sender);
    const { peer, clientName, protocol } = visit;
    const arrival = { clientName, clientAddress: peer, protocol, name, at: now() };
    const id = randomUUID();
    // One to many is no transaction for each.
    const separator = recipients.length > MOST_TRACKED ? null : this.#options.separator;
    const parts = { raw: spooled.raw, sender, recipients, arrival, maxReceived, id, separator };
    const prepared = await asWriter(account, this.#options.identities, (writer) =>
      prepareMail({ ...parts, account: writer }),
    );
    if ("code" in prepared) {
      onMail("refused");
      log.info({ accountId: account.id, code: prepared.code, status: prepared.status }, "mail-refused");
      return prepared;
    }
    const mail = this.#submittedMail(prepared, { account, sender, recipients, traceparent, at: arrival.at });
    const { reply, result } = await this.#commit(mail, sender);
    onMail(result);
    log.info(
      {
        accountId: account.id,
        mailId: mail.origin.mailId,
        recipients: recipients.length,
        octets: spooled.raw.length,
        result,
        code: reply.code,
        ms: Math.round(performance.now() - began),
      },
      "mail-submitted",
    );
    return reply;
  }

  async #commit(
    mail: SubmittedMail,
    { hold }: Sender,
  ): Promise<{ readonly reply: SmtpReply; readonly result: string }> {
    const { immediate, log } = this.#options;
    try {
      return hold === null ? await immediate.send(mail) : await immediate.hold(mail, hold.until);
    } catch (err) {
      if (!(err instanceof StoreUnavailable)) throw err;
      log.warn({ err, mailId: mail.origin.mailId }, "mail-not-taken");
      return { reply: localReply(451, "4.3.0", "the mail cannot be kept now: try again later"), result: "later" };
    }
  }

  #submittedMail(prepared: PreparedMail, { account, sender, recipients, traceparent, at }: Submitting): SubmittedMail {
    const { fingerprint, messageId, octets, prefix } = prepared;
    const { hold, from } = sender;
    const dsn = dsnRequestOf(sender, recipients);
    const dueAt = hold?.until ?? at;
    const wantsAll = recipients.some(({ dsn: { notify } }) => notify?.includes("SUCCESS") === true);
    const sending: Omit<AdmittedSending, "key"> = {
      kind: "submission",
      from,
      to: recipients.map(({ address }) => address),
      messageId,
      body: { sha256: createHash("sha256").update(octets).digest("hex"), octets },
      prefix,
      cancelsKeep: false,
      hold: false,
      dueAt,
      expiresAt: new Date(dueAt.getTime() + this.#options.lifeMs("submission")),
      dsn: dsn === null ? null : JSON.stringify(dsn),
      deliverBy: null,
      fcc: null,
      awaited: hold === null,
      reports: wantsAll ? "all" : "failures",
      authzid: this.#authzidOf(account),
      receipts: this.#options.isTracking ? receiptsOf(prepared, sender, recipients) : "none",
      isSubaddressed: prepared.isSubaddressed,
    };
    const mailId = `${account.id}/submission/${fingerprint.slice(0, 16)}`;
    return { origin: { accountId: account.id, fingerprint, mailId, internalDate: at, traceparent }, sending, dsn };
  }

  /** As it is configured now: who was taken away while connected sends nothing more. */
  #accountOf({ account }: Guest): Account | null {
    return account === null ? null : this.#options.door.account(account.id);
  }

  #authzidOf(account: Account): string | null {
    return authzidAs(this.#options.settings.send_as)(account);
  }
}

/** What the author asked to hear of each recipient, by a field or by NOTIFY (RFC 3461 §4.1). Nobody hears of what leaves from <>. */
function receiptsOf(
  { asksDisposition }: PreparedMail,
  { from }: Sender,
  recipients: readonly Recipient[],
): CircularReceipts {
  if (from === null) return "none";
  if (asksDisposition) return "read";
  const isAsked = recipients.some(({ dsn: { notify = [] } }) => notify.some((word) => word !== "NEVER"));
  return isAsked ? "delivery" : "none";
}

interface Taking {
  readonly addressed: readonly Addressed[];
  readonly visit: Visit<Guest>;
  readonly traceparent: string | null;
}

interface Submitting {
  readonly account: Account;
  readonly sender: Sender;
  readonly recipients: readonly Recipient[];
  readonly traceparent: string | null;
  readonly at: Date;
}

/** Each was accepted; two that are one mailbox in two writings count once. */
function recipientsOf(addressed: readonly Addressed[], { isUtf8 }: Sender): readonly Recipient[] {
  const byAddress = new Map<string, Recipient>();
  for (const { address, parameters } of addressed) {
    const recipient = readRecipient(address, parameters, isUtf8);
    if (!("code" in recipient)) byAddress.set(recipient.address, recipient);
  }
  return [...byAddress.values()];
}
