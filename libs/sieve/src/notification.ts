import { type Entity, htmlToText, walk } from "@tamis/message";
import type { Notify, NotifyMail } from "./answers.ts";
import { isAutoSubmitted, ownerAddress, senderOf } from "./automatic-mail.ts";
import { fieldsNamed } from "./header-fields.ts";
import { type Mailto, parseMailto } from "./mailto.ts";
import type { RunState } from "./run-state.ts";

/** How a notice is made of a mail (RFC 5436 §2.7). */
export interface NoticeRequest {
  readonly method: string;
  readonly from: string;
  /** "" where the script gives none. */
  readonly message: string;
  readonly importance: 1 | 2 | 3;
}

/** The mail that the mailto method sends; none for another method, nor for a mail that a machine sent (RFC 5436 §2.7.1). */
export function noticeOf(state: RunState, request: NoticeRequest): Pick<Notify, "mail" | "silence"> {
  const target = parseMailto(request.method);
  if (target === null) return { mail: null };
  if (isAutoSubmitted(state)) return { mail: null, silence: "automatic" };
  return { mail: noticeMail(state, target, request) };
}

const importanceWords = { 1: ["1 (Highest)", "High"], 2: ["3 (Normal)", "Normal"], 3: ["5 (Lowest)", "Low"] } as const;

function noticeMail(state: RunState, target: Mailto, { from, message, importance }: NoticeRequest): NotifyMail {
  const owner = ownerAddress(state);
  const sender = senderOf(state);
  const [priority, word] = importanceWords[importance];
  const original = fieldsNamed(state, "subject")[0]?.text() ?? "";
  // RFC 5436 §2.7: the message, else the subject of the URI, else that of the mail.
  const subject = message !== "" ? message : (target.subject ?? original);
  return {
    // RFC 5436 §2.7: a null sender stays null, so that nothing comes back.
    envelopeFrom: sender.silence === "sender-null" || owner === "" ? null : owner,
    recipients: unique([...target.to, ...target.cc, ...target.bcc]),
    fields: [
      ["From", from === "" ? owner : from],
      ...listField("To", target.to),
      ...listField("Cc", target.cc),
      ["Subject", subject.replace(/[\r\n]+[ \t]*/g, " ")],
      // RFC 5436 §2.7.1: tells other machines, and whose mail it was.
      ["Auto-Submitted", owner === "" ? "auto-notified" : `auto-notified; owner-email="${owner}"`],
      ["X-Priority", priority],
      ["Importance", word],
      ...target.fields,
    ],
    text:
      target.body ??
      `${[...fieldsNamed(state, "from")].map((field) => `From: ${field.text()}\r\n`).join("")}Subject: ${original}\r\n`,
  };
}

function listField(name: string, addresses: readonly string[]): readonly (readonly [string, string])[] {
  return addresses.length === 0 ? [] : [[name, addresses.join(", ")]];
}

function unique(addresses: readonly string[]): readonly string[] {
  return [...new Map(addresses.map((address) => [address.toLowerCase(), address])).values()];
}

/** What the older notify puts in the place of `$from$`, `$env-from$`, `$subject$`, `$text$` and `$text[n]$`. */
export function withOldVariables(text: string, state: RunState): string {
  return text.replace(/\$(from|env-from|subject|text)(?:\[(\d+)\])?\$/g, (_, name: string, length?: string) => {
    switch (name) {
      case "from":
        return fieldsNamed(state, "from")[0]?.text() ?? "";
      case "env-from":
        return senderOf(state).address ?? "";
      case "subject":
        return fieldsNamed(state, "subject")[0]?.text() ?? "";
      default:
        return firstText(state).slice(0, length === undefined ? state.limits.variableLength : Number(length));
    }
  });
}

function firstText(state: RunState): string {
  const isText = (entity: Entity): boolean => entity.children.length === 0 && entity.type.startsWith("text/");
  for (const entity of walk(state.message.root)) {
    if (isText(entity)) return entity.type === "text/html" ? htmlToText(entity.text()) : entity.text();
  }
  return "";
}
