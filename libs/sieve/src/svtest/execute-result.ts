import { completed } from "../action-command.ts";
import { type Action, type Pipe, type Redirect, type Report, staysInInbox } from "../actions.ts";
import type { Fcc, Notify, Rejection, Vacation } from "../answers.ts";
import { feedbackReport } from "../feedback-report.ts";
import { outgoingMail } from "../outgoing-mail.ts";
import type { RunState } from "../run-state.ts";
import { accountName } from "./suite-message.ts";
import type { SuiteSession } from "./suite-session.ts";

/**
 * Carries out what is not carried out yet, then the implicit keep where nothing cancelled it or something failed
 * (RFC 5228 §2.10.6). False when something failed; the error log says what.
 */
export function executeResult(session: SuiteSession, state: RunState): boolean {
  const went = executeActions(session, state);
  const stays = (state.keeps || session.keeps) && !state.actions.some(staysInInbox);
  if ((stays || !went) && !session.kept) {
    session.kept = true;
    carryOut(session.keep ?? completed({ kind: "keep", implicit: true, origin: null }, state), session);
  }
  return went;
}

/** Carries out the actions that are not carried out yet; false when one failed. */
export function executeActions(session: SuiteSession, state: RunState): boolean {
  let went = true;
  for (const action of state.actions.slice(state.executed)) {
    state.executed++;
    const failure = carryOut(action, session);
    if (failure === null) continue;
    session.errors.add(failure);
    went = false;
  }
  return went;
}

/** Why it could not be done, else null. */
function carryOut(action: Action, session: SuiteSession): string | null {
  switch (action.kind) {
    case "keep":
    case "fileinto":
      return store(action, session);
    case "redirect":
      return redirect(action, session);
    case "pipe":
      return pipe(action, session);
    case "report":
      return report(action, session);
    case "vacation":
    case "reject":
    case "notify":
      return answer(action, session);
    case "snooze":
      return awaken(action, session);
    case "duplicate-mark":
      session.marks.set(action.key, session.environment.now + action.seconds * 1000);
      return null;
    case "discard":
    case "processcalendar":
      return null;
    default:
      return action satisfies never;
  }
}

/** The mail as it comes back: a suite does not wait. */
function awaken(action: Action & { readonly kind: "snooze" }, session: SuiteSession): string | null {
  const { mailbox, create, specialUse, addFlags, removeFlags, flags = session.flags } = action;
  const gone = new Set(removeFlags.map((flag) => flag.toLowerCase()));
  const left = [...flags, ...addFlags].filter((flag) => !gone.has(flag.toLowerCase()));
  if (create) session.store.create(mailbox, specialUse);
  const place = session.store.has(mailbox) ? mailbox : "INBOX";
  session.store.store(place, { raw: session.edited(action.edits), flags: [...new Set(left)] });
  return null;
}

function store(action: Action & { readonly kind: "keep" | "fileinto" }, session: SuiteSession): string | null {
  const mail = { raw: session.edited(action.edits), flags: action.flags ?? session.flags };
  if (action.kind === "fileinto" && action.create) session.store.create(action.mailbox, action.specialUse);
  const mailbox = action.kind === "keep" ? "INBOX" : action.mailbox;
  if (!session.store.has(mailbox)) return `there is no mailbox “${mailbox}”`;
  session.store.store(mailbox, mail);
  return null;
}

function send(session: SuiteSession, mail: SuiteSession["outbox"][number]): null {
  session.outbox.push(mail);
  return null;
}

/** A list goes to each of its members (RFC 6134 §2.3). */
function redirect(action: Redirect, session: SuiteSession): null {
  const to = action.list === true ? [...(session.listMembers(action.address) ?? [])] : [action.address];
  const raw = session.edited(action.edits);
  for (const address of to) send(session, { from: redirectSender(session), to: address, raw });
  return null;
}

function pipe(action: Pipe, session: SuiteSession): string | null {
  const { program, arguments: parameters } = action;
  const { ok } = session.programs.run({ kind: "pipe", name: program, parameters, input: session.edited(action.edits) });
  if (!ok && action.try) session.keeps = true;
  return ok || action.try ? null : `the program “${program}” failed`;
}

function report(action: Report, session: SuiteSession): null {
  const sender = senderBy(session.settings.get("sieve_report_from") ?? "postmaster", session) ?? "";
  const { now: date } = session.environment;
  const raw = feedbackReport(action, session.original, {
    messageId: `<report.${date}@example.org>`,
    date,
    from: sender,
  });
  return send(session, { from: sender === "" ? null : sender, to: action.address, raw });
}

/** Sends what an action says to senders and others, and files the copy of it. */
function answer(action: Vacation | Rejection | Notify, session: SuiteSession): null {
  const mail = outgoingMail(action, session.original, {
    messageId: `<${action.kind}.${session.outbox.length}@example.org>`,
    date: session.environment.now,
    recipient: session.envelope.to ?? "",
    host: "example.org",
  });
  if (mail === null) return null;
  const raw = Buffer.from(mail.raw, "utf8");
  const from = answerSender(action, session) ?? mail.from;
  for (const to of mail.to) send(session, { from, to, raw });
  return fileCopy("fcc" in action ? action.fcc : undefined, raw, session);
}

/** The envelope sender of an answer where the settings say another one; the null sender of a mail stays it (RFC 5436 §2.7). */
function answerSender(action: Vacation | Rejection | Notify, session: SuiteSession): string | null {
  const { envelope, settings } = session;
  if (action.kind === "vacation") return settings.flag("sieve_vacation_send_from_recipient") ? envelope.to : null;
  const setting = settings.get("sieve_notify_mailto_envelope_from");
  return action.kind === "reject" || setting === undefined || envelope.from === null
    ? null
    : senderBy(setting, session);
}

/** RFC 8580 §3: a copy that cannot be stored is no error of the action. */
function fileCopy(fcc: Fcc | undefined, raw: Uint8Array, { store: mailboxes }: SuiteSession): null {
  if (fcc !== undefined && (fcc.create || mailboxes.has(fcc.mailbox))) {
    mailboxes.store(fcc.mailbox, { raw, flags: fcc.flags ?? [] });
  }
  return null;
}

/** Who sends what is redirected; the null sender stays it. */
function redirectSender(session: SuiteSession): string | null {
  const setting = session.settings.get("sieve_redirect_envelope_from") ?? "sender";
  return session.envelope.from === null ? null : senderBy(setting, session);
}

/** The sender that a setting names: a word, or an address in angle brackets. */
function senderBy(setting: string, { envelope, settings }: SuiteSession): string | null {
  switch (setting.toLowerCase()) {
    case "recipient":
      return envelope.to;
    case "orig_recipient":
      return envelope.originalTo;
    case "user_email":
      return addressIn(settings.get("sieve_user_email") ?? accountName);
    case "postmaster":
      return "postmaster@example.com";
    default:
      return setting.startsWith("<") ? addressIn(setting) : envelope.from;
  }
}

/** An address without its angle brackets; null for the null sender. */
function addressIn(setting: string): string | null {
  return setting.replace(/^<(.*)>$/s, "$1").trim() || null;
}
