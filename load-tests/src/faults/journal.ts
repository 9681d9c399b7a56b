import type { Bus } from "@tamis/bus";
import { mailApplied, mailDecided, partitionOf, subjects } from "@tamis/contracts";
import type { MailHistory } from "./recovery.ts";
import { describeWrong, type Wrong } from "./verdict.ts";

const UID = /box=INBOX, uid=(\d+)/;

/** The UIDs that a mail had in INBOX, by the server's own log. */
function inboxUids(lines: readonly string[]): ReadonlySet<number> {
  return new Set(lines.flatMap((line) => (UID.exec(line)?.[1] ? [Number(UID.exec(line)?.[1])] : [])));
}

const uidOf = (mailId: string): number => Number(mailId.split("/").at(-1));

/** Facts of one kind about these UIDs of an account, one line each, oldest first. */
async function factLines(bus: Bus, wrong: Wrong, uids: ReadonlySet<number>): Promise<readonly string[]> {
  const lines: string[] = [];
  const p = partitionOf(wrong.mail.accountId);
  for await (const { payload, time } of bus.readFacts(subjects.event(p, mailDecided.name))) {
    const fact = mailDecided.schema.safeParse(JSON.parse(Buffer.from(payload).toString())).data;
    if (fact?.accountId !== wrong.mail.accountId) continue;
    for (const mail of fact.mails.filter(({ mailId }) => uids.has(uidOf(mailId)))) {
      lines.push(
        `${new Date(time).toISOString()} mail-decided ${mail.mailId} by ${fact.script?.version ?? "no script"}, rule ${mail.rule ?? "none"} ${JSON.stringify(mail.plan)} ${mail.error ?? ""}`,
      );
    }
  }
  for await (const { payload, time } of bus.readFacts(subjects.event(p, mailApplied.name))) {
    const fact = mailApplied.schema.safeParse(JSON.parse(Buffer.from(payload).toString())).data;
    if (fact?.accountId !== wrong.mail.accountId) continue;
    for (const mail of fact.mails.filter(({ mailId }) => uids.has(uidOf(mailId)))) {
      lines.push(
        `${new Date(time).toISOString()} mail-applied ${mail.mailId} ${mail.result} ${mail.folder} ${mail.newMailId ?? ""} ${mail.reason ?? ""}`,
      );
    }
  }
  return lines.sort();
}

/** Everything known of a mail that is not where it belongs: what Dovecot logged and what the services said. */
export async function journalOf(bus: Bus, history: MailHistory, wrong: Wrong): Promise<string> {
  const log = history.linesOf(wrong.mail.key);
  const facts = await factLines(bus, wrong, inboxUids(log));
  return [describeWrong(wrong), ...log.map((line) => `    ${line}`), ...facts.map((line) => `    ${line}`)].join("\n");
}
