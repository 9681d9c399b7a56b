import type { DovecotOptions } from "@tamis/testkit";
import { bodyRules, type RuleSet, subjectRules } from "../rule-sets.ts";

/** One backlog to sort. */
export interface BacklogCase {
  readonly name: BacklogCaseName;
  /** Under which name its ratio to imapfilter is reported. */
  readonly ratio: string;
  readonly storage: "mdbox" | "maildir";
  readonly rules: RuleSet;
  readonly accounts: number;
  readonly mailsPerAccount: number;
}

export const backlogCaseNames = ["mdbox", "maildir", "body", "rules300", "accounts500"] as const;
export type BacklogCaseName = (typeof backlogCaseNames)[number];

/** How Dovecot keeps the mail. mdbox without fsync and quota is not the bottleneck; Maildir is as people run it. */
export const storageOptions: Readonly<Record<BacklogCase["storage"], DovecotOptions>> = {
  mdbox: { format: "mdbox", fsync: "never", quota: null },
  maildir: { format: "maildir", fsync: "optimized", quota: "20G" },
};

/** The cases; `mails` in the one INBOX of each but the last. */
export function backlogCases(mails: number): readonly BacklogCase[] {
  const one = { accounts: 1, mailsPerAccount: mails };
  return [
    { name: "mdbox", ratio: "imapfilter", storage: "mdbox", rules: subjectRules(10, 10), ...one },
    { name: "maildir", ratio: "imapfilter_maildir", storage: "maildir", rules: subjectRules(10, 10), ...one },
    { name: "body", ratio: "imapfilter_body", storage: "mdbox", rules: bodyRules(3), ...one },
    { name: "rules300", ratio: "imapfilter_300", storage: "mdbox", rules: subjectRules(300, 30), ...one },
    {
      name: "accounts500",
      ratio: "imapfilter_accounts500",
      storage: "mdbox",
      rules: subjectRules(10, 10),
      accounts: 500,
      mailsPerAccount: 10,
    },
  ];
}
