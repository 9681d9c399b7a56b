import { type CheckContext, defineTest, type Extension } from "../extension.ts";
import { checkMailboxName } from "../mailbox-target.ts";
import { freshSource, prepareMatch } from "../match-test.ts";
import type { Text } from "../program.ts";
import { FactsMissing, type RunState } from "../run-state.ts";

/** RFC 5464 §3.2: at least one component behind the scope, no wildcards, no doubled or trailing slashes. */
const entryName = /^\/(?:private|shared)(?:\/(?:(?![/*%])[ -~])+)+$/i;

/** How facts call an annotation; `mailbox` is null for those of the server. */
export function annotationKey(mailbox: string | null, entry: string): string {
  const place = mailbox?.toUpperCase() === "INBOX" ? "INBOX" : mailbox;
  return JSON.stringify([place, entry.toLowerCase()]);
}

/** The value of an annotation, null when it has none. */
export function annotation(state: RunState, mailbox: string | null, entry: string): string | null {
  if (!entryName.test(entry)) return null;
  const key = annotationKey(mailbox, entry);
  const value = state.facts.metadata?.get(key);
  if (value === undefined) throw new FactsMissing([{ kind: "metadata", key, mailbox, entry }]);
  return value;
}

/** Warns of literals that no annotation can be called. */
export function checkEntries(entries: readonly Text[], at: string, context: CheckContext): void {
  entries.forEach((entry, index) => {
    if (typeof entry !== "string" || entryName.test(entry)) return;
    context.report({ code: "bad-annotation", at, index, parameters: { entry } });
  });
}

// RFC 5490 §3.3
const metadata = defineTest({
  name: "metadata",
  shape: { positional: { mailbox: "string", entry: "string", keys: "strings" }, families: ["match"] },
  check({ mailbox, entry }, context) {
    checkMailboxName(mailbox, "mailbox", context);
    checkEntries([entry], "entry", context);
  },
  prepare(args, line, preparation) {
    const mailbox = preparation.text(args.mailbox);
    const entry = preparation.text(args.entry);
    const source = freshSource(typeof args.entry === "string" ? args.entry : "metadata", (state) => {
      const value = annotation(state, mailbox(state), entry(state));
      return value === null ? [] : [value];
    });
    return prepareMatch(preparation, { test: "metadata", line, args, keys: args.keys, sources: [source] });
  },
});

// RFC 5490 §3.4
const metadataexists = defineTest({
  name: "metadataexists",
  shape: { positional: { mailbox: "string", entries: "strings" } },
  check({ mailbox, entries }, context) {
    checkMailboxName(mailbox, "mailbox", context);
    checkEntries(entries, "entries", context);
  },
  prepare(args, line, preparation) {
    const mailbox = preparation.text(args.mailbox);
    const entries = preparation.texts(args.entries);
    return (state) => {
      state.spend(1);
      const wanted = entries(state);
      const name = mailbox(state);
      if (!wanted.every((entry) => annotation(state, name, entry) !== null)) return false;
      return state.matched("metadataexists", line, { field: wanted.join(", ") });
    };
  },
});

/** Tests on the annotations of mailboxes (RFC 5490 §3). */
export const mboxmetadata: Extension = {
  name: "mboxmetadata",
  rfc: "RFC 5490 §3",
  state: "yes",
  needs: ["metadata"],
  tests: [metadata, metadataexists],
};
