import { type Entity, readMessage, walk } from "@tamis/message";
import { type CircularDraft, type CompileOptions, compileDraft, type Fault, renderMail } from "../src/index.ts";

const smallest: CircularDraft = {
  from: { address: "recteur@academie.example" },
  subject: "Objet",
  attachments: [],
};

/** What readers see of a mail: its texts with LF, its other parts. */
export interface Seen {
  readonly plain: string | null;
  readonly html: string | null;
  /** Types of all parts, in their order. */
  readonly types: readonly string[];
  readonly files: readonly { readonly name: string | null; readonly type: string; readonly text: string }[];
  readonly subject: string;
}

/** One recipient's mail of a draft that has to compile, as it is read. */
export function seen(draft: Partial<CircularDraft>, fields: Readonly<Record<string, string>> = {}): Seen {
  const made = compileDraft({ ...smallest, ...draft });
  if (!made.ok) throw new Error(JSON.stringify(made.faults));
  const identity = { messageId: "<1@academie.example>", date: new Date("2026-11-30T07:00:00Z") };
  const message = readMessage(renderMail(made.compiled, { address: "a@ecole.example", fields }, identity, null));
  const entities: readonly Entity[] = [...walk(message.root)];
  const textOf = (type: string): string | null => {
    const found = entities.find((one) => one.type === type && one.disposition === null);
    return found === undefined ? null : found.text().replaceAll("\r\n", "\n");
  };
  const files = entities.filter((one) => one.disposition === "attachment");
  return {
    plain: textOf("text/plain"),
    html: textOf("text/html"),
    types: entities.map(({ type }) => type),
    files: files.map((one) => ({ name: one.filename, type: one.type, text: Buffer.from(one.bytes()).toString() })),
    subject: message.headers("subject")[0]?.text() ?? "",
  };
}

/** What is wrong with a draft. */
export function faultsOf(draft: Partial<CircularDraft>, options: CompileOptions = {}): readonly Fault[] {
  const made = compileDraft({ ...smallest, text: "texte", ...draft }, options);
  return made.ok ? [] : made.faults;
}
