import type { StoredFact } from "@tamis/bus";
import {
  type AppliedMail,
  type CopyFiled,
  copyFiled,
  type MailDecided,
  mailApplied,
  mailDecided,
  type SendingSettled,
  sendingSettled,
} from "@tamis/contracts";
import { parseJson } from "./json.ts";

/** One thing that was decided or done about a mail. */
export type Chapter =
  | {
      readonly kind: "decided";
      readonly at: number;
      readonly mode: MailDecided["mode"];
      readonly script?: MailDecided["script"];
      readonly mail: MailDecided["mails"][number];
    }
  | { readonly kind: "applied"; readonly at: number; readonly isUndo: boolean; readonly mail: AppliedMail }
  | { readonly kind: "sent"; readonly at: number; readonly sending: SendingSettled }
  | { readonly kind: "copied"; readonly at: number; readonly copy: CopyFiled };

/** What a mail is known by: the names it has had, and its fingerprint. */
export interface KnownMail {
  readonly accountId: string;
  readonly mailIds: readonly string[];
  readonly fingerprints: readonly string[];
}

/**
 * Everything that the facts tell of one mail, in their order, under whichever name it had. `facts` may hold those of others.
 */
export async function readStory(facts: AsyncIterable<StoredFact>, known: KnownMail): Promise<readonly Chapter[]> {
  const own: StoredFact[] = [];
  for await (const fact of facts) if (Buffer.from(fact.payload).includes(known.accountId)) own.push(fact);
  const chapters = own.flatMap((fact) => chaptersOf(fact, known.accountId));
  const names = new Set(known.mailIds);
  // A name leads to others in both directions: from INBOX to a folder, and back.
  for (let before = -1; before !== names.size; ) {
    before = names.size;
    for (const chapter of chapters) for (const name of namesIn(chapter, names, known.fingerprints)) names.add(name);
  }
  return chapters.filter((chapter) => names.has(nameOf(chapter)));
}

function chaptersOf({ subject, payload }: StoredFact, accountId: string): readonly Chapter[] {
  switch (subject.split(".")[2]) {
    case mailDecided.name: {
      const { data } = mailDecided.schema.safeParse(parseJson(payload));
      if (data?.accountId !== accountId) return [];
      const { mode, script } = data;
      return data.mails.map((mail) => ({ kind: "decided", at: mail.at, mode, script, mail }));
    }
    case mailApplied.name: {
      const { data } = mailApplied.schema.safeParse(parseJson(payload));
      if (data?.accountId !== accountId) return [];
      const isUndo = data.undoOf !== undefined;
      return data.mails.map((mail) => ({ kind: "applied", at: mail.appliedAt, isUndo, mail }));
    }
    case sendingSettled.name: {
      const { data } = sendingSettled.schema.safeParse(parseJson(payload));
      return data?.accountId === accountId ? [{ kind: "sent", at: data.at, sending: data }] : [];
    }
    case copyFiled.name: {
      const { data } = copyFiled.schema.safeParse(parseJson(payload));
      return data?.accountId === accountId ? [{ kind: "copied", at: data.at, copy: data }] : [];
    }
    default:
      return [];
  }
}

function nameOf(chapter: Chapter): string {
  if (chapter.kind === "sent") return chapter.sending.mailId;
  return chapter.kind === "copied" ? chapter.copy.mailId : chapter.mail.mailId;
}

/** The names of the mail that a chapter adds to those known. */
function namesIn(chapter: Chapter, names: ReadonlySet<string>, fingerprints: readonly string[]): readonly string[] {
  if (chapter.kind === "decided") {
    const { fingerprint, mailId } = chapter.mail;
    return fingerprint !== undefined && fingerprints.includes(fingerprint) ? [mailId] : [];
  }
  if (chapter.kind === "sent" || chapter.kind === "copied") return [];
  const { mailId, newMailId } = chapter.mail;
  if (newMailId === undefined || names.has(mailId) === names.has(newMailId)) return [];
  return [mailId, newMailId];
}
