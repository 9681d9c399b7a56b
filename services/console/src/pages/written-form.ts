import { type CircularReceipts, circularReceipts, type WrittenCircular } from "@tamis/contracts";
import { mailboxIn, type Wish } from "../circular-draft-of.ts";
import { textIn } from "../http/body.ts";

/** The forms in which a text may be written; pages begin with the first. */
const BODIES = ["markdown", "html", "text"] as const;

/** Which of them a form has. */
export function bodiesOf(form: FormData): readonly (typeof BODIES)[number][] {
  const some = BODIES.filter((name) => form.has(name));
  return some.length === 0 ? ["markdown"] : some;
}

/** An attachment that is there already. */
export interface WrittenAttachment {
  readonly filename: string;
  readonly size: number;
  readonly as: WrittenCircular["attachments"][number]["as"];
  readonly isKept: boolean;
  /** As the form has it. */
  readonly value: string;
}

/** The attachments of a form that are there already, in their order. */
export function writtenAttachments(form: FormData): readonly WrittenAttachment[] {
  const kept = new Set(keptIn(form));
  return form.getAll("attachment").flatMap((value, index) => {
    const [, as, size, filename = ""] =
      typeof value === "string" ? (/^(\w+)\|(\d{1,12})\|(.*)$/s.exec(value) ?? []) : [];
    if (typeof value !== "string" || (as !== "file" && as !== "link" && as !== "secret")) return [];
    return [{ filename, size: Number(size), as, isKept: kept.has(index), value }];
  });
}

/** Their places, of those that stay. */
export const keptIn = (form: FormData): readonly number[] =>
  form.getAll("keep").flatMap((value) => (typeof value === "string" && /^\d{1,3}$/.test(value) ? [Number(value)] : []));

/** The form in which a circular is written anew, as it was written. */
export function writtenForm({ from, replyTo, unsubscribe, ...circular }: WrittenCircular, version: string): FormData {
  const form = new FormData();
  const mailbox = ({ address, name }: NonNullable<typeof replyTo>): string =>
    name === undefined ? address : `${name} <${address}>`;
  for (const [name, value] of [
    ["subject", circular.subject],
    ...BODIES.map((one) => [one, circular[one]] as const),
    ["from", mailbox(from)],
    ["reply-to", replyTo === undefined ? undefined : mailbox(replyTo)],
    ["list-id", circular.listId],
    ["tracked", circular.tracked ? "1" : undefined],
    ["receipts", circular.receipts],
    ["unsubscribe-url", unsubscribe?.url],
    ["unsubscribe-mailto", unsubscribe?.mailto],
  ] as const)
    if (value !== undefined) form.set(name, value);
  setWritten(form, circular, version);
  return form;
}

/** Has a form name the attachments that are there now, all kept, and the version that they are of. */
export function setWritten(
  form: FormData,
  { attachments }: Pick<WrittenCircular, "attachments">,
  version: string,
): void {
  form.set("version", version);
  form.delete("attachment");
  form.delete("keep");
  for (const [index, { as, size, filename }] of attachments.entries()) {
    form.append("attachment", `${as}|${size}|${filename}`);
    form.append("keep", String(index));
  }
}

/** What is to be known of recipients; the usual where nothing else was chosen. */
function receiptsIn(form: FormData): CircularReceipts | undefined {
  const chosen = circularReceipts.safeParse(textIn(form, "receipts"));
  return chosen.success && chosen.data !== "delivery" ? chosen.data : undefined;
}

/** What somebody wrote into the form. */
export function wishIn(form: FormData): Wish {
  const url = textIn(form, "unsubscribe-url");
  const mailto = textIn(form, "unsubscribe-mailto");
  const bodies = bodiesOf(form);
  // Of several forms one may be left blank; the only one is never missing.
  const body = (name: (typeof BODIES)[number]): string | undefined =>
    textIn(form, name) || (bodies.length === 1 && bodies[0] === name ? "" : undefined);
  return {
    subject: textIn(form, "subject"),
    markdown: body("markdown"),
    html: body("html"),
    text: body("text"),
    from: mailboxIn(textIn(form, "from")),
    replyTo: mailboxIn(textIn(form, "reply-to")),
    listId: textIn(form, "list-id").trim() || undefined,
    unsubscribe: url === "" ? undefined : { url, ...(mailto === "" ? {} : { mailto }) },
    tracked: textIn(form, "tracked") !== "",
    receipts: receiptsIn(form),
  };
}
