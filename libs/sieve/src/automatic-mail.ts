import { isSubmittedByMachine, type Mailbox, machineOf } from "@tamis/message";
import type { Silence } from "./answers.ts";
import { fieldsAsReceived, needHeader } from "./header-fields.ts";
import type { RunState } from "./run-state.ts";

/** Who may be answered: machines never are, or two of them answer each other for ever (RFC 3834 §2, RFC 5230 §4.6). */

/** Every address known to be the owner's, lower case. */
export function ownerAddresses({ facts }: RunState, more: readonly string[] = []): ReadonlySet<string> {
  const { to, originalTo } = facts.envelope;
  const all = [...(facts.owner?.addresses ?? []), to ?? "", originalTo ?? "", ...more];
  return new Set(all.filter((address) => address !== "").map((address) => bare(address).toLowerCase()));
}

/** The address that answers come from; "" when nobody knows. */
export function ownerAddress({ facts }: RunState): string {
  return facts.owner?.addresses[0] ?? bare(facts.envelope.to ?? "");
}

/** The trusted envelope sender, or why there is none. */
export type Sender =
  | { readonly address: string; readonly silence?: undefined }
  | { readonly address: null; readonly silence: "sender-unknown" | "sender-null" };

/** Whom an answer would go to. */
export function senderOf({ facts }: RunState): Sender {
  const { from } = facts.envelope;
  if (from === undefined) return { address: null, silence: "sender-unknown" };
  const address = bare(from ?? "");
  return address === "" ? { address: null, silence: "sender-null" } : { address };
}

function bare(address: string): string {
  return address.replace(/^<(.*)>$/s, "$1");
}

/** Local parts that belong to lists and machines (RFC 5230 §4.6), and those that nobody reads. */
const robot =
  /^(?:owner-.*|.*-owner|.*-request|.*-bounces?|bounces?[-+].*|mailer-daemon|listserv|listproc|majordomo|(?:.*[-_.])?(?:no|do-?not)[-_.]?reply.*)$/i;

/** Whether nobody reads mail to that address. */
export function isRobot(address: string): boolean {
  return robot.test(address.slice(0, Math.max(0, address.lastIndexOf("@"))));
}

/** Whether a machine made the mail; `list` where it came over a mailing list. */
export function madeByMachine(state: RunState): "list" | "automatic" | null {
  needHeader(state);
  return machineOf(state.original);
}

/** RFC 3834 §5: anything but "no" was made by a machine. */
export function isAutoSubmitted(state: RunState): boolean {
  needHeader(state);
  return isSubmittedByMachine(state.original);
}

const recipientFields = ["to", "cc", "bcc", "resent-to", "resent-cc", "resent-bcc"];

/** RFC 5230 §4.5: whether one of the addresses is among the recipients that the header names. */
export function isAddressedTo(state: RunState, addresses: ReadonlySet<string>): boolean {
  return recipientFields.some((name) =>
    fieldsAsReceived(state, name).some((field) =>
      field.addresses().some(({ address }) => address !== "" && addresses.has(address.toLowerCase())),
    ),
  );
}

/** Why the mail must not be answered by itself; null when it may be. */
export function silenceOf(state: RunState, own: ReadonlySet<string>, mustBeAddressed: boolean): Silence | null {
  const sender = senderOf(state);
  if (sender.address === null) return sender.silence;
  if (own.has(sender.address.toLowerCase())) return "own";
  if (isRobot(sender.address)) return "robot";
  return madeByMachine(state) ?? (mustBeAddressed && !isAddressedTo(state, own) ? "not-addressed" : null);
}

/** An address with its name, as a header field has it. */
export function mailboxText({ name, address }: Pick<Mailbox, "name" | "address">): string {
  if (name === "") return address;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  const plain = name.replace(/[\u0000-\u001f\u007f]+/g, " ");
  return /^[\w !#$%&'*+\-/=?^`{|}~\u0080-\uffff]+$/.test(plain)
    ? `${plain} <${address}>`
    : `"${plain.replace(/["\\]/g, "\\$&")}" <${address}>`;
}
