import { type Command, defineCommand, defineTest, type Test } from "../extension.ts";
import { type Program, programVersion } from "../program.ts";
import { RuntimeFault } from "../run-state.ts";
import { run } from "./message-commands.ts";
import { compileScript, runChain, runScript } from "./script-run.ts";
import { TestFailed } from "./suite-ends.ts";
import type { SuiteSession } from "./suite-session.ts";

/** Commands that shape the test file, its settings and the saved programs. */
export function scriptCommands(session: SuiteSession): readonly Command[] {
  const test = defineCommand({
    name: "test",
    shape: { positional: { name: "string" } },
    block: true,
    outermost: true,
    prepare: () => () => "next",
    prepareBlock(args, origin, { preparation, run: block }) {
      const name = preparation.text(args.name);
      return (state) => {
        const signal = session.block(name(state), origin.line, () => block(state));
        // A loop over parts that the block was in when it failed is over.
        state.part = null;
        return signal;
      };
    },
  });
  const test_fail = defineCommand({
    name: "test_fail",
    shape: { positional: { reason: "string" } },
    prepare({ reason }, origin, preparation) {
      const text = preparation.text(reason);
      return run((state) => {
        throw new TestFailed(`line ${origin.line}: ${text(state)}`);
      });
    },
  });
  return [test, test_fail, ...settingCommands(session), ...binaryCommands(session)];
}

function settingCommands(session: SuiteSession): readonly Command[] {
  const test_config_set = defineCommand({
    name: "test_config_set",
    shape: { positional: { key: "string", value: "string" } },
    prepare({ key, value }, _origin, preparation) {
      const name = preparation.text(key);
      const content = preparation.text(value);
      return run((state) => session.settings.set(name(state), content(state)));
    },
  });
  const test_config_unset = defineCommand({
    name: "test_config_unset",
    shape: { positional: { key: "string" } },
    prepare({ key }, _origin, preparation) {
      const name = preparation.text(key);
      return run((state) => session.settings.unset(name(state)));
    },
  });
  const test_config_reload = defineCommand({
    name: "test_config_reload",
    shape: { tags: { extension: "string" } },
    prepare({ extension }, _origin, preparation) {
      const name = extension === undefined ? null : preparation.text(extension);
      return run((state) => {
        const wanted = name?.(state);
        if (wanted !== undefined && !session.registry.requirable.has(wanted)) {
          throw new RuntimeFault("unknown-capability", { name: wanted, meant: "" });
        }
        session.reloadSettings(state);
      });
    },
  });
  return [test_config_set, test_config_unset, test_config_reload];
}

function binaryCommands(session: SuiteSession): readonly Command[] {
  const test_binary_save = defineCommand({
    name: "test_binary_save",
    shape: { positional: { name: "string" } },
    prepare({ name }, _origin, preparation) {
      const expand = preparation.text(name);
      return run((state) => {
        if (session.compiled === null) throw new RuntimeFault("nothing-compiled");
        session.binaries.set(expand(state), JSON.stringify(session.compiled));
      });
    },
  });
  const test_binary_load = defineCommand({
    name: "test_binary_load",
    shape: { positional: { name: "string" } },
    prepare({ name }, _origin, preparation) {
      const expand = preparation.text(name);
      return run((state) => {
        const saved = session.binaries.get(expand(state));
        if (saved === undefined) throw new RuntimeFault("no-such-binary", { name: expand(state) });
        session.compiled = programOf(saved);
      });
    },
  });
  return [test_binary_save, test_binary_load];
}

/** The text was written from a program by this run. */
function programOf(saved: string): Program {
  const program: Program = JSON.parse(saved);
  if (program.version !== programVersion) throw new RuntimeFault("stale-program");
  return program;
}

/** Tests that compile and run scripts. */
export function scriptTests(session: SuiteSession): readonly Test[] {
  const test_script_compile = defineTest({
    name: "test_script_compile",
    shape: { positional: { script: "string" } },
    prepare({ script }, _line, preparation) {
      const path = preparation.text(script);
      return (state) => {
        session.errors.clear();
        return compileScript(session, path(state));
      };
    },
  });
  const test_script_run = defineTest({
    name: "test_script_run",
    shape: { tags: { append_result: "flag" } },
    prepare: (args) => (state) => {
      session.errors.clear();
      if (args.append_result === undefined) session.resetResult(state);
      return runScript(session, state);
    },
  });
  const test_multiscript = defineTest({
    name: "test_multiscript",
    shape: { positional: { scripts: "strings" } },
    prepare({ scripts }, _line, preparation) {
      const paths = preparation.texts(scripts);
      return (state) => {
        session.errors.clear();
        session.resetResult(state);
        return runChain(session, paths(state), state);
      };
    },
  });
  return [test_script_compile, test_script_run, test_multiscript];
}
