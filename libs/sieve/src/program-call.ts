import type { CheckContext } from "./extension.ts";
import type { NeedOfProgram, ProgramResult } from "./facts.ts";
import type { Preparation } from "./preparation.ts";
import type { Text } from "./program.ts";
import { FactsMissing, type RunState, RuntimeFault } from "./run-state.ts";

/** Bounds of the external programs extension §3, §4. */
const longestName = 128;
const mostArguments = 16;
const longestArgument = 1024;

/** Whether a program can be called so: the bare name of a file. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

function isProgramName(name: string): boolean {
  return name !== "" && name.length <= longestName && !/^\.{1,2}$|\//.test(name) && !controls.test(name);
}

function isArgument(text: string): boolean {
  return text.length <= longestArgument && !/[\r\n\0]/.test(text);
}

export interface ProgramArguments {
  readonly program: Text;
  readonly arguments?: readonly Text[];
}

/** Reports names and arguments that cannot be; the name is always literal, as its shape says. */
export function checkProgram(args: ProgramArguments, context: CheckContext): void {
  const { program } = args;
  if (typeof program === "string") {
    if (isProgramName(program)) context.use({ programs: [program] });
    else context.report({ code: "bad-program-name", at: "program", parameters: { program } });
  }
  if ((args.arguments?.length ?? 0) > mostArguments) {
    context.report({ code: "too-many-program-arguments", at: "arguments", parameters: { limit: mostArguments } });
  }
  args.arguments?.forEach((argument, index) => {
    if (typeof argument !== "string" || isArgument(argument)) return;
    context.report({ code: "bad-program-argument", at: "arguments", index, parameters: { argument } });
  });
}

/** A program with its arguments expanded. */
export interface ProgramCall {
  readonly program: string;
  readonly arguments: readonly string[];
}

export function prepareProgram(preparation: Preparation, args: ProgramArguments): (state: RunState) => ProgramCall {
  const program = typeof args.program === "string" ? args.program : "";
  const expand = preparation.texts(args.arguments ?? []);
  return (state) => {
    const given = expand(state);
    const wrong = given.find((argument) => !isArgument(argument));
    if (wrong !== undefined) throw new RuntimeFault("bad-program-argument", { argument: wrong });
    return { program, arguments: given };
  };
}

/** What a program reads: nothing, a text of the script, or the mail as it is now. */
export type ProgramInput = null | { readonly text: string } | "mail";

/**
 * The result of a program that ran before this run, from the facts; without it the run ends with the need for it.
 * Its key stands for all that the program sees: for the mail the edits made so far are enough, as facts are of one mail.
 */
export function programResult(
  state: RunState,
  command: NeedOfProgram["command"],
  call: ProgramCall & { readonly input: ProgramInput; readonly isTest?: boolean },
): { readonly key: string; readonly result: ProgramResult } {
  const { program, arguments: given, input, isTest = false } = call;
  const seen = input === "mail" ? state.edits : input;
  const key = JSON.stringify([command, program, given, seen]);
  const result = state.facts.programs?.get(key);
  if (result !== undefined) return { key, result };
  if (input === "mail" && !state.message.complete) throw new FactsMissing([{ kind: "whole-message" }]);
  const octets = input === "mail" ? state.message.raw : input === null ? null : Buffer.from(input.text, "utf8");
  const need = { kind: "program", key, command, program, arguments: given, input: octets } as const;
  throw new FactsMissing([isTest ? { ...need, isTest } : need]);
}
