import type { FakeFolder } from "./fake-mailbox.ts";

/** The answer to LIST, RFC 5819 RETURN (STATUS …) included. */
export function listLines(folders: Iterable<FakeFolder>, args: string): string[] {
  const [, status] = /RETURN \(STATUS (\([^)]*\))\)/.exec(args) ?? [];
  return [...folders].flatMap((folder) => {
    const line = `* LIST (${folder.attributes.join(" ")}) "/" "${folder.name}"`;
    const hasStatus = status !== undefined && !folder.attributes.includes("\\Noselect");
    return hasStatus ? [line, statusLine(folder, status)] : [line];
  });
}

/** The answer to STATUS, of the items asked for. */
export function statusLine({ name, uidValidity, uidNext, mailboxId, modSeq }: FakeFolder, items: string): string {
  const values = {
    UIDVALIDITY: String(uidValidity),
    UIDNEXT: String(uidNext),
    MAILBOXID: `(${mailboxId})`,
    HIGHESTMODSEQ: String(modSeq),
  };
  const asked = Object.entries(values).filter(([item]) => items.includes(item));
  return `* STATUS "${name}" (${asked.flat().join(" ")})`;
}

/** RFC 5464 §4.4.1: the answer to GETMETADATA for one entry, whose name comes back in capitals. */
export function annotationLine(annotations: ReadonlyMap<string, string>, args: string): string {
  const [, name = "", entry = ""] = /^"(.*)" \("(.*)"\)$/.exec(args) ?? [];
  return `* METADATA "${name}" (${entry.toUpperCase()} ${annotations.get(`${name} ${entry}`) ?? "NIL"})`;
}

/** Atoms and quoted strings. */
export function words(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, atom]) =>
    quoted === undefined ? (atom ?? "") : quoted.replace(/\\(.)/g, "$1"),
  );
}

/** UID STORE, of one mail; whether it changes anything. */
export function store(flags: Set<string>, request: string): boolean {
  const names = /\(([^)]*)\)/.exec(request)?.[1]?.split(" ") ?? [];
  const before = [...flags].join(" ");
  for (const name of names) {
    if (request.startsWith("+")) flags.add(name);
    else if (request.startsWith("-")) flags.delete(name);
  }
  return [...flags].join(" ") !== before;
}
