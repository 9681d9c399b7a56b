/** A mail that appeared in a folder, by Dovecot's `mail_log` plugin. */
export interface LoggedMail {
  readonly user: string;
  /** `save`: delivered or appended. `copy`: moved or copied there. */
  readonly kind: "save" | "copy";
  readonly folder: string;
  readonly messageId: string;
  /** When the server had committed it: epoch ms with fractions. */
  readonly atMs: number;
}

const LINE =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.(\d{6}) \w+\(([^)]+)\)<[^>]*><[^>]*>: Info: (save|copy from [^:]*): box=(.*?), uid=\d+, msgid=(<[^>]*>)/;
const LOGIN = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.(\d{6}) imap-login: Info: Login: user=<([^>]+)>/;

/** Dovecot writes local time. */
function epochMs(seconds: string, microseconds: string): number {
  return new Date(seconds.replace(" ", "T")).getTime() + Number(microseconds) / 1000;
}

/** `undefined` where the line tells of something else. */
export function parseLoggedMail(line: string): LoggedMail | undefined {
  const [, seconds, micros, user, what, folder, messageId] = LINE.exec(line) ?? [];
  if (!seconds || !micros || !user || !what || folder === undefined || !messageId) return undefined;
  return { user, kind: what === "save" ? "save" : "copy", folder, messageId, atMs: epochMs(seconds, micros) };
}

/** Every mail that the log shows, in its order. */
export function loggedMails(log: string): readonly LoggedMail[] {
  return log.split("\n").flatMap((line) => parseLoggedMail(line) ?? []);
}

/** When each of these users first signed in, epoch ms. Users of a master user stand under their own name. */
export function firstLogins(log: string, users: ReadonlySet<string>): ReadonlyMap<string, number> {
  const logins = new Map<string, number>();
  for (const line of log.split("\n")) {
    const [, seconds, micros, user] = LOGIN.exec(line) ?? [];
    if (seconds && micros && user && users.has(user) && !logins.has(user)) logins.set(user, epochMs(seconds, micros));
  }
  return logins;
}
