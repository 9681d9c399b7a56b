import type { Action, Redirect } from "./actions.ts";

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
      return `redirect${redirectTags(action)} ${quoted(action.address)}`;
    case "pipe":
      return `pipe${action.copy ? " :copy" : ""}${action.try ? " :try" : ""} ${[action.program, ...action.arguments].map(quoted).join(" ")}`;
    case "report":
      return `report ${quoted(action.feedbackType)} to ${quoted(action.address)}`;
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

function redirectTags({ copy, list, dsn, deliverBy }: Redirect): string {
  const tags = [
    copy ? " :copy" : "",
    list === true ? " :list" : "",
    dsn?.notify === undefined ? "" : ` :notify ${quoted(dsn.notify.join(","))}`,
    dsn?.ret === undefined ? "" : ` :ret ${quoted(dsn.ret)}`,
  ];
  if (deliverBy === undefined) return tags.join("");
  const time = ` :bytimeabsolute ${quoted(new Date(deliverBy.time).toISOString())}`;
  return `${tags.join("")}${time} :bymode ${quoted(deliverBy.mode)}${deliverBy.trace ? " :bytrace" : ""}`;
}

function answer(name: string, to: string | null, silence: string | undefined): string {
  return to === null ? `${name} (not sent: ${silence ?? "unknown"})` : `${name} to ${quoted(to)}`;
}
