import { actionCommand } from "../action-command.ts";
import type { Notify } from "../answers.ts";
import type { Execute } from "../execute.ts";
import { type CheckContext, type Command, defineCommand } from "../extension.ts";
import { noticeOf, withOldVariables } from "../notification.ts";
import type { Preparation } from "../preparation.ts";
import type { Origin, Text } from "../program.ts";
import { RuntimeFault } from "../run-state.ts";
import { isAddress } from "./base-actions.ts";

/** The older dialect of notifications, from before RFC 5435: a part of enotify.ts, which has the command of the same name. */
export const oldTags = { method: "string", id: "string", low: "flag", normal: "flag", high: "flag" } as const;

interface OldArguments {
  readonly method?: Text;
  readonly id?: Text;
  readonly options?: readonly Text[];
  readonly message?: Text;
  readonly low?: true;
  readonly normal?: true;
  readonly high?: true;
}

type Importance = Notify["importance"];

const importanceOf = ({ low, high }: OldArguments): Importance => (high === true ? 1 : low === true ? 3 : 2);

/** A message where the script gives none. */
const defaultMessage = "$from$: $subject$";

/** The command `notify` as the older dialect has it: recipients are its options. */
export const oldNotify = {
  check({ method, options }: OldArguments, context: CheckContext): void {
    if (method !== undefined && (typeof method !== "string" || method.toLowerCase() !== "mailto")) {
      const parameters = { method: typeof method === "string" ? method : "" };
      context.report({ code: "notify-method-unknown", at: "method", parameters });
    }
    if (options === undefined) {
      context.report({ code: "tag-missing", parameters: { name: "notify", tags: ":options" } });
    }
    options?.forEach((address, index) => {
      if (typeof address !== "string" || isAddress(address)) return;
      context.report({ code: "bad-address", at: "options", index, parameters: { address } });
    });
  },
  prepare(args: OldArguments, origin: Origin, preparation: Preparation): Execute {
    const recipients = preparation.texts(args.options ?? []);
    const message = preparation.text(args.message ?? defaultMessage);
    const id = args.id === undefined ? null : preparation.text(args.id);
    return actionCommand(preparation, {
      name: "notify",
      args,
      origin,
      make(state): Notify {
        const addresses = recipients(state);
        const wrong = addresses.find((address) => !isAddress(address));
        if (wrong !== undefined) throw new RuntimeFault("bad-address", { address: wrong });
        const text = withOldVariables(message(state), state);
        const asked = {
          method: `mailto:${addresses.map(encodeURIComponent).join(",")}?body=${encodeURIComponent(text.toWellFormed())}`,
          from: "",
          message: text.replace(/\s+/g, " ").slice(0, 200),
          importance: importanceOf(args),
        };
        const named = id === null ? {} : { id: id(state) };
        return { kind: "notify", ...asked, ...noticeOf(state, asked), options: addresses, ...named, origin };
      },
    });
  },
};

/** Takes back notifications made before: of an id, of an importance, or all. */
export const denotify: Command = defineCommand({
  name: "denotify",
  shape: {
    tags: { low: "flag", normal: "flag", high: "flag" },
    positional: { id: "string?" },
    families: ["match"],
    exclusive: [["low", "normal", "high"]],
    tagsBehind: true,
  },
  check(_args, context) {
    if (context.enabled("notify")) return;
    context.report({ code: "only-in-dialect", parameters: { name: "denotify", capability: "notify" } });
  },
  prepare(args, origin, preparation) {
    const id = args.id === undefined ? null : preparation.text(args.id);
    const comparator = preparation.registry.comparators.get(args.comparator ?? "i;ascii-casemap")?.item;
    const matchType = preparation.registry.matchTypes.get(args.match ?? "is")?.item;
    if (comparator === undefined || matchType === undefined) throw new RuntimeFault("stale-program");
    const isAnyImportance = args.low === undefined && args.normal === undefined && args.high === undefined;
    return (state) => {
      state.spend(1);
      const keys = id === null ? null : [id(state)];
      const matcher =
        keys === null
          ? null
          : matchType.prepare({ keys, comparator, argument: args.matchArgument ?? "", captures: false });
      const kept = state.actions.filter((action) => {
        if (action.kind !== "notify") return true;
        if (!isAnyImportance && action.importance !== importanceOf(args)) return true;
        const name = action.id ?? "";
        return matcher !== null && matcher.match(name, comparator.fold(name), state) < 0;
      });
      if (kept.length === state.actions.length) return "next";
      state.actions.splice(0, state.actions.length, ...kept);
      state.trace.push({ kind: "action", rule: origin.rule, line: origin.line, action: "denotify" });
      return "next";
    };
  },
});
