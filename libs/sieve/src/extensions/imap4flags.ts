import { type CheckContext, type Command, defineCommand, defineTest, type Extension } from "../extension.ts";
import { prepareMatch } from "../match-test.ts";
import type { Preparation } from "../preparation.ts";
import { asTexts, type Text } from "../program.ts";
import type { RunState } from "../run-state.ts";
import { valuesOf } from "../values.ts";
import { bounded, checkVariableName } from "./variables.ts";

const systemFlags: ReadonlySet<string> = new Set(["\\answered", "\\flagged", "\\deleted", "\\seen", "\\draft"]);

/** RFC 3501 §9: flag-keyword is an atom. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what an atom cannot hold
const keyword = /^[^\u0000- "%()*\\\]{\u007f-\uffff]+$/;

function isFlag(flag: string): boolean {
  return flag.startsWith("\\") ? systemFlags.has(flag.toLowerCase()) : keyword.test(flag);
}

/** Flags of a list of strings, each of which may hold several (RFC 5232 §2): valid ones, each once, whatever its case. */
export function flagsOf(texts: readonly string[], limit: number): readonly string[] {
  const flags = new Map<string, string>();
  for (const text of texts) {
    for (const flag of text.split(/ +/)) {
      const name = flag.toLowerCase();
      // RFC 5232 §2: what is no flag is ignored.
      if (flag !== "" && isFlag(flag) && !flags.has(name) && flags.size < limit) flags.set(name, flag);
    }
  }
  return [...flags.values()];
}

function without(flags: readonly string[], gone: readonly string[]): readonly string[] {
  const names = new Set(gone.map((flag) => flag.toLowerCase()));
  return flags.filter((flag) => !names.has(flag.toLowerCase()));
}

/** Where flags are kept: a variable, or the internal variable, which begins with what the mail has. */
interface FlagVariable {
  read(state: RunState): readonly string[];
  write(state: RunState, flags: readonly string[]): void;
}

function flagVariable(preparation: Preparation, name: Text | undefined): FlagVariable {
  if (typeof name !== "string") {
    return {
      read: (state) => state.flags ?? state.facts.flags ?? [],
      write: (state, flags) => {
        state.flags = flags;
      },
    };
  }
  const index = preparation.variable(name);
  return {
    read: (state) => flagsOf([state.variables[index] ?? ""], state.limits.flags),
    write: (state, flags) => {
      state.variables[index] = bounded(flags.join(" "), state.limits.variableLength);
    },
  };
}

/** RFC 5232 §2: naming a variable needs the variables extension. */
function checkVariable(variable: Text | undefined, at: string, context: CheckContext, index = 0): void {
  context.use({ flags: true });
  if (variable === undefined) return;
  if (typeof variable !== "string") context.report({ code: "variable-not-allowed", at, index });
  else if (!context.enabled("variables")) {
    context.report({ code: "flag-variable-needs-require", at, index });
  } else checkVariableName(variable, at, context, index);
}

/** Warns of literals that hold something else than flags. */
export function checkFlags(flags: readonly Text[], at: string, context: CheckContext): void {
  flags.forEach((text, index) => {
    if (typeof text !== "string") return;
    const named = text.split(/ +/).filter((flag) => flag !== "");
    const wrong = named.find((flag) => !isFlag(flag));
    const kept = !context.lacks("keywords");
    const lost = kept ? undefined : named.find((flag) => !flag.startsWith("\\") && isFlag(flag));
    if (wrong !== undefined) {
      context.report({ severity: "warning", code: "bad-flag", at, index, parameters: { flag: wrong } });
    } else if (lost !== undefined) {
      context.report({ severity: "warning", code: "keyword-not-kept", at, index, parameters: { flag: lost } });
    }
  });
}

function flagCommand(
  name: string,
  change: (now: readonly string[], given: readonly string[], limit: number) => readonly string[],
): Command {
  return defineCommand({
    name,
    shape: { positional: { variable: "string?", flags: "strings" } },
    check({ variable, flags }, context) {
      checkVariable(variable, "variable", context);
      checkFlags(flags, "flags", context);
    },
    prepare({ variable, flags }, _origin, preparation) {
      const expand = preparation.texts(flags);
      const place = flagVariable(preparation, variable);
      return (state) => {
        state.spend(1);
        const { flags: limit } = state.limits;
        place.write(state, change(place.read(state), flagsOf(expand(state), limit), limit));
        return "next";
      };
    },
  });
}

/** The two commands that only the older dialect, imapflags, has. */
function markCommand(name: string, change: (now: readonly string[], limit: number) => readonly string[]): Command {
  return defineCommand({
    name,
    shape: {},
    check(_args, context) {
      context.use({ flags: true });
      if (context.enabled("imapflags")) return;
      context.report({ code: "only-in-dialect", parameters: { name, capability: "imapflags" } });
    },
    prepare(_args, _origin, preparation) {
      const place = flagVariable(preparation, undefined);
      return (state) => {
        state.spend(1);
        place.write(state, change(place.read(state), state.limits.flags));
        return "next";
      };
    },
  });
}

const hasflag = defineTest({
  name: "hasflag",
  shape: { positional: { variables: "strings?", flags: "strings" }, families: ["match"] },
  check({ variables }, context) {
    context.use({ flags: true });
    variables?.forEach((variable, index) => {
      checkVariable(variable, "variables", context, index);
    });
  },
  prepare(args, line, preparation) {
    const places = (args.variables ?? [undefined]).map((variable) => flagVariable(preparation, variable));
    const source = {
      field: "flags",
      read: (state: RunState) => valuesOf(places.flatMap((place) => place.read(state))),
    };
    return prepareMatch(preparation, {
      test: "hasflag",
      line,
      args,
      keys: args.flags.flatMap((key): readonly Text[] => (typeof key === "string" ? flagKeys(key) : [key])),
      keysOf: flagKeys,
      sources: [source],
    });
  },
});

/** Several flags in one string are several keys (RFC 5232 §4). */
function flagKeys(key: string): readonly string[] {
  const trimmed = key.trim();
  return trimmed.includes(" ") ? trimmed.split(/ +/) : [key];
}

/** Flags that the mail shall have (RFC 5232). */
export const imap4flags: Extension = {
  name: "imap4flags",
  outdated: ["imapflags"],
  rfc: "RFC 5232",
  state: "yes",
  commands: [
    flagCommand("setflag", (_now, given) => given),
    flagCommand("addflag", (now, given, limit) => flagsOf([...now, ...given], limit)),
    flagCommand("removeflag", (now, given) => without(now, given)),
    markCommand("mark", (now, limit) => flagsOf([...now, "\\Flagged"], limit)),
    markCommand("unmark", (now) => without(now, ["\\Flagged"])),
  ],
  tests: [hasflag],
  tags: [
    {
      name: "flags",
      on: ["keep", "fileinto"],
      kind: "strings",
      check(value, _args, context) {
        context.use({ flags: true });
        checkFlags(asTexts(value), "flags", context);
      },
      amend(value, preparation) {
        const expand = preparation.texts(asTexts(value));
        return (action, state) =>
          action.kind === "keep" || action.kind === "fileinto"
            ? { ...action, flags: flagsOf(expand(state), state.limits.flags) }
            : action;
      },
    },
  ],
};
