import { createHash } from "node:crypto";
import type { Sending } from "@tamis/contracts";
import type { Message } from "@tamis/message";
import {
  type Action,
  applyEdits,
  type EnvelopeFacts,
  feedbackReport,
  outgoingMail,
  PartNotEditable,
  type ProgramOutputs,
  type Redirect,
} from "@tamis/sieve";
import { isSealed } from "./sealed.ts";

/** An action because of which a mail leaves. */
export type SendingAction = Extract<Action, { kind: Sending["kind"] }>;

export function isSendingAction(action: Action): action is SendingAction {
  return ["redirect", "reject", "vacation", "notify", "report"].includes(action.kind);
}

/**
 * Names what an action sends among everything that leaves because of one mail: the same whenever the mail is decided on, also after a
 * change of the script around it; without an address in it.
 */
export function sendingKey(action: SendingAction): string {
  switch (action.kind) {
    // One reply and one refusal to one mail (RFC 5230 §4.7, RFC 5429 §2.1).
    case "vacation":
    case "reject":
      return action.kind;
    case "redirect":
      return `redirect/${digest(bareCase(action.address))}`;
    case "notify":
      return `notify/${digest(JSON.stringify([action.method, action.message]))}`;
    case "report":
      return `report/${digest(JSON.stringify([action.feedbackType, bareCase(action.address)]))}`;
  }
}

/** The domain has no case; the local part is not ours to judge (RFC 5321 §2.4). */
function bareCase(address: string): string {
  const at = address.lastIndexOf("@");
  return address.slice(0, at) + address.slice(at).toLowerCase();
}

const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** Who sends, and what about. */
export interface Correspondence {
  readonly accountId: string;
  readonly address: string;
  readonly fingerprint: string;
  readonly envelope: EnvelopeFacts;
  /** The mail as it came; whole where {@link needsWhole}. */
  readonly message: Message;
  /** What programs made of it, where the script goes on with that. */
  readonly outputs: ProgramOutputs;
  /** Epoch ms. */
  readonly now: number;
}

/** Whether octets of the mail itself go out: what was cut must never leave. */
export function needsWhole({ kind }: SendingAction): boolean {
  return kind === "redirect" || kind === "reject" || kind === "report";
}

/** Whether a mail server can be told the address (RFC 5321 §4.1.2): what a header says may be anything. */
export function isPostable(address: string): boolean {
  const at = address.lastIndexOf("@");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return at > 0 && at < address.length - 1 && address.length <= 320 && !/[\u0000-\u001f\u007f<>]/.test(address);
}

type Letter = Pick<Sending, "from" | "to" | "messageId"> & { readonly body: Uint8Array };

/** The mail that an action sends; null where it sends none, "uneditable" where what the script changes in it cannot be changed. */
export function letterOf(action: SendingAction, about: Correspondence): Letter | "uneditable" | null {
  switch (action.kind) {
    case "redirect":
      return redirected(action, about);
    case "report": {
      const posting = { messageId: messageIdOf(action, about), date: about.now, from: about.address };
      const body = feedbackReport(action, about.message, posting);
      return { from: about.address, to: [action.address], messageId: posting.messageId, body };
    }
    default: {
      const messageId = messageIdOf(action, about);
      const recipient = about.envelope.to ?? about.address;
      const posting = { messageId, date: about.now, recipient, host: hostOf(about.address) };
      const mail = outgoingMail(action, about.message, posting);
      return mail === null ? null : { from: mail.from, to: mail.to, messageId, body: Buffer.from(mail.raw, "utf8") };
    }
  }
}

function redirected(
  { address, edits = [] }: Redirect,
  { envelope, message, outputs }: Correspondence,
): Letter | "uneditable" {
  const from = envelope.from === undefined ? {} : { from: envelope.from };
  const messageId = message.headers("message-id")[0]?.raw() ?? "";
  try {
    const body = edits.length === 0 || isSealed(message) ? message.raw : applyEdits(message, edits, outputs).raw;
    return { ...from, to: [address], messageId, body };
  } catch (error) {
    if (error instanceof PartNotEditable) return "uneditable";
    throw error;
  }
}

/** The same for the same action on the same mail: a repetition can be seen wherever it turns up. */
function messageIdOf(action: SendingAction, { accountId, fingerprint, address }: Correspondence): string {
  const name = digest(JSON.stringify([accountId, fingerprint, sendingKey(action)]));
  return `<tamis.${action.kind}.${name}@${hostOf(address)}>`;
}

const hostOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1);
