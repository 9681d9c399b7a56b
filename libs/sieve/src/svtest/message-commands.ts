import type { Execute } from "../execute.ts";
import { type CheckContext, type Command, defineCommand, defineTest, type Test } from "../extension.ts";
import { isMailboxName } from "../extensions/fileinto.ts";
import type { Preparation } from "../preparation.ts";
import type { Text } from "../program.ts";
import { type RunState, RuntimeFault } from "../run-state.ts";
import { TestFailed } from "./suite-ends.ts";
import { messageOf } from "./suite-message.ts";
import type { SuiteSession } from "./suite-session.ts";

/** What `test_set` can set; the part after the dot has no case. */
const objects: ReadonlySet<string> = new Set([
  "message",
  "envelope.from",
  "envelope.to",
  "envelope.orig_to",
  "envelope.auth",
]);

const objectName = (name: Text): string => (typeof name === "string" ? name.toLowerCase() : "");

/** Commands that change the message, its envelope and the mail store. */
export function messageCommands(session: SuiteSession): readonly Command[] {
  const test_set = defineCommand({
    name: "test_set",
    shape: { positional: { object: "string!", value: "string" } },
    check({ object }, context) {
      if (!objects.has(objectName(object))) {
        context.report({ code: "unknown-test-object", at: "object", parameters: { name: String(object) } });
      }
    },
    prepare({ object, value }, _origin, preparation) {
      const expand = preparation.text(value);
      const name = objectName(object);
      return run((state) => {
        if (name === "message") session.setMessage(messageOf(expand(state)), state);
        else session.setEnvelope(name.replace("envelope.", ""), expand(state), state);
      });
    },
  });
  const test_message = defineCommand({
    name: "test_message",
    shape: messageShape,
    check: checkMailbox,
    prepare(args, _origin, preparation) {
      const open = opener(session, args, preparation);
      return run((state) => {
        if (!open(state)) throw new TestFailed(`there is no message ${args.index}`);
      });
    },
  });
  const test_message_print = defineCommand({
    name: "test_message_print",
    shape: {},
    prepare: () => run((state) => session.environment.print?.(Buffer.from(state.message.raw).toString("utf8"))),
  });
  return [test_set, test_message, test_message_print, ...mailboxCommands(session)];
}

function mailboxCommands(session: SuiteSession): readonly Command[] {
  const test_mailbox_create = defineCommand({
    name: "test_mailbox_create",
    shape: { positional: { mailbox: "string" } },
    prepare({ mailbox }, _origin, preparation) {
      const name = preparation.text(mailbox);
      return run((state) => session.store.create(name(state)));
    },
  });
  const test_mailbox_delete = defineCommand({
    name: "test_mailbox_delete",
    shape: { positional: { mailbox: "string" } },
    prepare: () =>
      run(() => {
        throw new TestFailed("test_mailbox_delete is not part of the language yet");
      }),
  });
  const test_imap_metadata_set = defineCommand({
    name: "test_imap_metadata_set",
    shape: { tags: { mailbox: "string" }, positional: { annotation: "string", value: "string" } },
    prepare({ mailbox, annotation, value }, _origin, preparation) {
      const name = mailbox === undefined ? null : preparation.text(mailbox);
      const entry = preparation.text(annotation);
      const content = preparation.text(value);
      return run((state) => {
        // RFC 5464 §3.2: an entry is private or shared, and names something below that.
        if (!/^\/(private|shared)\/[^*%]+$/i.test(entry(state))) {
          throw new RuntimeFault("bad-annotation-name", { name: entry(state) });
        }
        session.store.annotate(name === null ? null : name(state), entry(state), content(state));
      });
    },
  });
  return [test_mailbox_create, test_mailbox_delete, test_imap_metadata_set];
}

const messageShape = {
  tags: { smtp: "flag", folder: "string" },
  positional: { index: "number" },
  exclusive: [["smtp", "folder"]],
  oneOf: [["smtp", "folder"]],
} as const;

function checkMailbox({ folder }: { readonly folder?: Text }, context: CheckContext): void {
  if (typeof folder !== "string" || isMailboxName(folder)) return;
  context.report({ code: "bad-mailbox", at: "folder", parameters: { mailbox: folder } });
}

function opener(
  session: SuiteSession,
  { folder, index }: { readonly folder?: Text; readonly index: number },
  preparation: Preparation,
): (state: RunState) => boolean {
  if (folder === undefined) return (state) => session.openOutgoing(index, state);
  const name = preparation.text(folder);
  return (state) => {
    const mailbox = name(state);
    if (!isMailboxName(mailbox)) throw new TestFailed(`“${mailbox}” cannot be the name of a mailbox`);
    return session.openStored(mailbox, index, state);
  };
}

/** A command that only does something. */
export function run(effect: (state: RunState) => void): Execute {
  return (state) => {
    effect(state);
    return "next";
  };
}

/** `test_message` as a test: whether there is such a message. */
export function messageTests(session: SuiteSession): readonly Test[] {
  return [
    defineTest({
      name: "test_message",
      shape: messageShape,
      check: checkMailbox,
      prepare: (args, _line, preparation) => opener(session, args, preparation),
    }),
  ];
}
