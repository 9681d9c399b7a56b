import { parseAddresses } from "@tamis/message";
import { actionCommand } from "../action-command.ts";
import type { Reply, Vacation } from "../answers.ts";
import { mailboxText, ownerAddress, ownerAddresses, senderOf, silenceOf } from "../automatic-mail.ts";
import { type CheckContext, defineCommand, type Extension } from "../extension.ts";
import { fieldsAsReceived } from "../header-fields.ts";
import type { Limits } from "../limits.ts";
import type { Text } from "../program.ts";
import { type RunState, RuntimeFault } from "../run-state.ts";
import { isAddress, sieveAddress } from "./base-actions.ts";

const secondsPerDay = 86_400;

/** Whether the text is one address, with or without a name. */
export function isMailbox(text: string): boolean {
  const [only, ...others] = parseAddresses(text);
  return only !== undefined && others.length === 0 && isAddress(only.address);
}

/** RFC 5230 §4.1, RFC 6131 §2: a period beyond the limits is brought within them. */
export function periodWithin(seconds: number | undefined, limits: Limits): number {
  const wanted = seconds ?? limits.vacationDefaultSeconds;
  return Math.min(Math.max(wanted, limits.vacationMinSeconds), limits.vacationMaxSeconds);
}

interface Period {
  readonly days?: number;
  readonly seconds?: number;
}

const secondsOf = ({ days, seconds }: Period): number | undefined =>
  seconds ?? (days === undefined ? undefined : days * secondsPerDay);

/** Warns of a period beyond the limits. */
export function checkPeriod(args: Period, context: CheckContext): void {
  const seconds = secondsOf(args);
  const { vacationMinSeconds: least, vacationMaxSeconds: most } = context.limits;
  if (seconds === undefined || (seconds >= least && seconds <= most)) return;
  const used = periodWithin(seconds, context.limits);
  const at = args.days === undefined ? "seconds" : "days";
  context.report({ severity: "warning", code: "period-adjusted", at, parameters: { seconds, used, least, most } });
}

interface Written {
  readonly subject: string | null;
  readonly from: string | null;
  readonly reason: string;
  readonly mime: boolean;
}

/** The reply to the mail, whether or not it may be sent. */
function replyTo(state: RunState, sender: string, written: Written): Reply {
  const messageId = fieldsAsReceived(state, "message-id")[0]?.raw() ?? "";
  const before =
    fieldsAsReceived(state, "references")[0]?.raw() ?? fieldsAsReceived(state, "in-reply-to")[0]?.raw() ?? "";
  return {
    to: sender,
    toField: toField(state, sender),
    from: written.from ?? ownAddress(state),
    subject: written.subject ?? ownSubject(state),
    inReplyTo: messageId,
    // RFC 5322 §3.6.4: those of the mail, then the mail itself.
    references: [before, messageId].filter((part) => part !== "").join(" "),
    mime: written.mime,
    text: written.reason,
  };
}

function toField(state: RunState, sender: string): string {
  const named = ["sender", "resent-from", "from"].flatMap((name) =>
    fieldsAsReceived(state, name).flatMap((field) => field.addresses()),
  );
  const shown =
    state.facts.vacation?.toFromHeader === true
      ? named.find(({ address }) => isAddress(address))
      : named.find(({ address }) => address.toLowerCase() === sender.toLowerCase());
  return shown === undefined ? sender : mailboxText(shown);
}

function ownAddress(state: RunState): string {
  return mailboxText({ name: state.facts.owner?.name ?? "", address: ownerAddress(state) });
}

// RFC 5230 §5.3: "Auto: " and the subject of the mail.
function ownSubject(state: RunState): string {
  const subject = fieldsAsReceived(state, "subject")[0]?.text() ?? "";
  const { subject: without = "Automated reply", subjectTemplate = "Auto: {subject}" } = state.facts.vacation ?? {};
  return subject === "" ? without : subjectTemplate.replaceAll("{subject}", () => subject);
}

function checkAddresses(addresses: readonly Text[], context: CheckContext): void {
  addresses.forEach((address, index) => {
    if (typeof address !== "string" || sieveAddress(address) !== null) return;
    // Nothing is sent to these: a name without a domain does no harm, and no good.
    const severity = address.includes("@") ? "error" : "warning";
    context.report({ severity, code: "bad-address", at: "addresses", index, parameters: { address } });
  });
}

const vacation = defineCommand({
  name: "vacation",
  shape: {
    tags: {
      days: "number",
      subject: "string",
      from: "string",
      addresses: "strings",
      mime: "flag",
      handle: "string",
    },
    positional: { reason: "string" },
  },
  check(args, context) {
    context.use({ redirect: true, envelope: ["from", "to"] });
    checkPeriod(args.days === undefined ? {} : { days: args.days }, context);
    checkAddresses(args.addresses ?? [], context);
    if (typeof args.from === "string" && !isMailbox(args.from)) {
      context.report({ code: "bad-mailbox-list", at: "from", parameters: { address: args.from } });
    }
    const { mime, reason } = args;
    if (mime === true && typeof reason === "string" && !/^(?:content-|mime-version:)/i.test(reason)) {
      context.report({ severity: "warning", code: "mime-without-header", at: "reason" });
    }
  },
  prepare(args, origin, preparation) {
    const reason = preparation.text(args.reason);
    const subject = args.subject === undefined ? null : preparation.text(args.subject);
    const from = args.from === undefined ? null : preparation.text(args.from);
    const handle = args.handle === undefined ? null : preparation.text(args.handle);
    const addresses = preparation.texts(args.addresses ?? []);
    const mime = args.mime === true;
    const period = secondsOf(args);
    const make = (state: RunState): Vacation => {
      const written = { subject: subject?.(state) ?? null, from: from?.(state) ?? null, reason: reason(state), mime };
      if (written.from !== null && !isMailbox(written.from)) {
        throw new RuntimeFault("bad-mailbox-list", { address: written.from });
      }
      const own = ownerAddresses(
        state,
        addresses(state).flatMap((address) => sieveAddress(address) ?? []),
      );
      const silence = silenceOf(state, own, state.facts.vacation?.unaddressed !== true);
      const sender = senderOf(state).address;
      return {
        kind: "vacation",
        seconds: periodWithin(period, state.limits),
        // RFC 5230 §4.2: replies that differ in any of these are different replies.
        handle: handle?.(state) ?? JSON.stringify([written.subject, written.from, written.mime, written.reason]),
        ...(silence === null && sender !== null
          ? { reply: replyTo(state, sender, written) }
          : { reply: null, silence: silence ?? "sender-unknown" }),
        origin,
      };
    };
    return actionCommand(preparation, { name: "vacation", args, origin, make });
  },
});

/** Answers the sender while the owner is away (RFC 5230). */
export const vacationExtension: Extension = {
  name: "vacation",
  rfc: "RFC 5230",
  state: "yes",
  needs: ["send", "envelope-sender", "memory", "delivery"],
  commands: [vacation],
};
