import type { Action } from "../actions.ts";
import { type Command, defineCommand, defineTest, type Test } from "../extension.ts";
import { freshSource, prepareMatch } from "../match-test.ts";
import type { RunState } from "../run-state.ts";
import { executeResult } from "./execute-result.ts";
import { run } from "./message-commands.ts";
import type { SuiteSession } from "./suite-session.ts";

/** What test files call an action where that is not its kind. */
const names: { readonly [K in Action["kind"]]?: string } = { fileinto: "store", "duplicate-mark": "duplicate_mark" };

const nameOf = (action: Action): string => names[action.kind] ?? action.kind;

/** Commands over the result. */
export function resultCommands(session: SuiteSession): readonly Command[] {
  const test_result_reset = defineCommand({
    name: "test_result_reset",
    shape: {},
    prepare: () =>
      run((state) => {
        session.resetResult(state);
        session.outbox = [];
      }),
  });
  const test_result_print = defineCommand({
    name: "test_result_print",
    shape: {},
    prepare: () => run((state) => session.environment.print?.(JSON.stringify(state.actions, null, 2))),
  });
  return [test_result_reset, test_result_print];
}

/** Tests over the result and the error log. */
export function resultTests(session: SuiteSession): readonly Test[] {
  const test_result_execute = defineTest({
    name: "test_result_execute",
    shape: {},
    prepare: () => (state) => {
      session.errors.clear();
      return executeResult(session, state);
    },
  });
  return [
    test_result_execute,
    listTest("test_result_action", (state) => state.actions.map(nameOf)),
    listTest("test_error", () => session.errors.messages),
  ];
}

/** A test that compares the strings of a list, or the one at a place counted from 1; octet by octet where nothing else is said. */
function listTest(name: string, list: (state: RunState) => readonly string[]): Test {
  return defineTest({
    name,
    shape: { tags: { index: "number" }, positional: { keys: "strings" }, families: ["match"] },
    prepare(args, line, preparation) {
      const { index } = args;
      const source = freshSource(name, (state) =>
        index === undefined ? list(state) : list(state).slice(Math.max(0, index - 1), index),
      );
      return prepareMatch(preparation, {
        test: name,
        line,
        args: { comparator: "i;octet", ...args },
        keys: args.keys,
        sources: () => [source],
      });
    },
  });
}
