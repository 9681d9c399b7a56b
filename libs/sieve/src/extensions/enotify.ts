import { actionCommand } from "../action-command.ts";
import type { Notify } from "../answers.ts";
import { type CheckContext, defineCommand, defineTest, type Extension } from "../extension.ts";
import { parseMailto } from "../mailto.ts";
import { freshSource, prepareMatch } from "../match-test.ts";
import { noticeOf } from "../notification.ts";
import type { Text } from "../program.ts";
import { RuntimeFault } from "../run-state.ts";
import { denotify, oldNotify, oldTags } from "./notify.ts";
import { isMailbox } from "./vacation.ts";

/** RFC 5435 §3.4: 1 is urgent, 3 can wait. */
function importanceOf(text: string): 1 | 2 | 3 | null {
  return text === "1" ? 1 : text === "2" ? 2 : text === "3" ? 3 : null;
}

/** RFC 3986 §3: a scheme, a colon, and nothing that no URI holds. */
const uri = /^[A-Za-z][\w+\-.]*:[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/;

function checkMethod(method: Text, at: string, context: CheckContext): void {
  if (typeof method !== "string") return;
  const parameters = { method };
  if (!uri.test(method)) context.report({ code: "bad-notify-method", at, parameters });
  else if (!method.toLowerCase().startsWith("mailto:")) {
    context.report({ code: "notify-method-unknown", at, parameters });
  } else if (parseMailto(method) === null) context.report({ code: "bad-notify-method", at, parameters });
}

/** Throws where a method made of variables cannot be used. */
function usableMethod(method: string): string {
  if (!method.toLowerCase().startsWith("mailto:")) throw new RuntimeFault("notify-method-unknown", { method });
  if (parseMailto(method) === null) throw new RuntimeFault("bad-notify-method", { method });
  return method;
}

interface NotifyTags {
  readonly from?: Text;
  readonly importance?: Text;
  readonly options?: readonly Text[];
}

/** RFC 5435 §3.5: what an option looks like; one that a method does not know means nothing. */
const option = /^[A-Za-z0-9][\w.-]*=/;

function checkTags({ from, importance, options }: NotifyTags, context: CheckContext): void {
  if (typeof from === "string" && !isMailbox(from)) {
    context.report({ code: "bad-mailbox-list", at: "from", parameters: { address: from } });
  }
  if (typeof importance === "string" && importanceOf(importance) === null) {
    const parameters = { tag: "importance", value: importance, allowed: "1, 2, 3" };
    context.report({ code: "tag-value-unknown", at: "importance", parameters });
  }
  options?.forEach((text, index) => {
    if (typeof text !== "string" || option.test(text)) return;
    context.report({ code: "bad-notify-option", at: "options", index, parameters: { option: text } });
  });
}

// RFC 5435 §3; the older dialect has a command of the same name, whose tags are oldTags.
const notify = defineCommand({
  name: "notify",
  shape: {
    tags: { from: "string", importance: "string", options: "strings", message: "string", ...oldTags },
    positional: { uri: "string?" },
    exclusive: [["low", "normal", "high"]],
  },
  check(args, context) {
    context.use({ redirect: true, envelope: ["from", "to"] });
    if (context.enabled("notify")) return oldNotify.check(args, context);
    for (const tag of Object.keys(oldTags)) {
      if (!Object.hasOwn(args, tag)) continue;
      context.report({ code: "only-in-dialect", at: tag, parameters: { name: `:${tag}`, capability: "notify" } });
    }
    checkTags(args, context);
    const { uri: target } = args;
    if (target !== undefined) return checkMethod(target, "uri", context);
    context.report({ code: "missing-argument", parameters: { name: "notify", argument: "method", kind: "string" } });
  },
  prepare(args, origin, preparation) {
    if (args.uri === undefined) return oldNotify.prepare(args, origin, preparation);
    const method = preparation.text(args.uri);
    const from = preparation.text(args.from ?? "");
    const message = preparation.text(args.message ?? "");
    const importance = preparation.text(args.importance ?? "2");
    const options = preparation.texts(args.options ?? []);
    return actionCommand(preparation, {
      name: "notify",
      args,
      origin,
      make(state): Notify {
        const sender = from(state);
        if (sender !== "" && !isMailbox(sender)) throw new RuntimeFault("bad-mailbox-list", { address: sender });
        const asked = {
          method: usableMethod(method(state)),
          from: sender,
          message: message(state),
          importance: importanceOf(importance(state)) ?? 2,
        };
        return { kind: "notify", ...asked, ...noticeOf(state, asked), options: options(state), origin };
      },
    });
  },
});

// RFC 5435 §4
const validNotifyMethod = defineTest({
  name: "valid_notify_method",
  shape: { positional: { methods: "strings" } },
  prepare({ methods }, line, preparation) {
    const expand = preparation.texts(methods);
    return (state) => {
      state.spend(1);
      const all = expand(state);
      return (
        all.every((method) => uri.test(method) && parseMailto(method) !== null) &&
        state.matched("valid_notify_method", line)
      );
    };
  },
});

// RFC 5435 §5; RFC 5436 §2.2: whether somebody reads their mail now is never known.
const notifyMethodCapability = defineTest({
  name: "notify_method_capability",
  shape: { positional: { method: "string", capability: "string", keys: "strings" }, families: ["match"] },
  prepare(args, line, preparation) {
    const method = preparation.text(args.method);
    const capability = preparation.text(args.capability);
    const source = freshSource("notify_method_capability", (state) =>
      parseMailto(method(state)) !== null && capability(state).toLowerCase() === "online" ? ["maybe"] : [],
    );
    return prepareMatch(preparation, {
      test: "notify_method_capability",
      line,
      args,
      keys: args.keys,
      sources: [source],
    });
  },
});

/** RFC 5435 §6: everything but unreserved characters as percent and two digits, of its UTF-8. */
function encodeUrl(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Notifications, by mail (RFC 5435, RFC 5436), with the older dialect "notify". */
export const enotify: Extension = {
  name: "enotify",
  outdated: ["notify"],
  rfc: "RFC 5435",
  state: "yes",
  needs: ["send"],
  commands: [notify, denotify],
  tests: [validNotifyMethod, notifyMethodCapability],
  modifiers: [{ name: "encodeurl", precedence: 15, apply: encodeUrl }],
};
