import type { Action } from "./actions.ts";

const quoted = (text: string): string => JSON.stringify(text);

/** One action in one line, in the words of Sieve; for people and for tests. */
export function actionText(action: Action): string {
  const flags = "flags" in action && action.flags !== undefined ? ` :flags ${JSON.stringify(action.flags)}` : "";
  switch (action.kind) {
    case "keep":
      return `keep${flags}`;
    case "fileinto": {
      const use = action.specialUse === undefined ? "" : ` :specialuse ${quoted(action.specialUse)}`;
      return `fileinto${action.copy ? " :copy" : ""}${action.create ? " :create" : ""}${use}${flags} ${quoted(action.mailbox)}`;
    }
    case "redirect":
      return `redirect${action.copy ? " :copy" : ""} ${quoted(action.address)}`;
    case "discard":
      return "discard";
    case "vacation":
      return answer("vacation", action.reply?.to ?? null, action.silence);
    case "reject":
      return answer(action.form, action.to, action.silence);
    case "notify":
      return action.silence === undefined ? `notify ${quoted(action.method)}` : `notify (not sent: ${action.silence})`;
    case "snooze":
      return `snooze until ${new Date(action.until).toISOString()} ${quoted(action.mailbox)}`;
    case "processcalendar":
      return "processcalendar";
    case "duplicate-mark":
      return `remember ${quoted(action.key)} for ${action.seconds} s`;
    default:
      return action satisfies never;
  }
}

function answer(name: string, to: string | null, silence: string | undefined): string {
  return to === null ? `${name} (not sent: ${silence ?? "unknown"})` : `${name} to ${quoted(to)}`;
}
