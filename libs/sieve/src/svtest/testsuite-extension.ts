import type { Extension } from "../extension.ts";
import { messageCommands, messageTests } from "./message-commands.ts";
import { resultCommands, resultTests } from "./result-commands.ts";
import { scriptCommands, scriptTests } from "./script-commands.ts";
import type { SuiteSession } from "./suite-session.ts";

/** What a test file requires; no script outside of tests can. */
export const testsuiteCapability = "vnd.dovecot.testsuite";

/** The commands and tests of test files, over the state of one of them. */
export function testsuiteExtension(session: SuiteSession): Extension {
  return {
    name: testsuiteCapability,
    rfc: "vnd.dovecot.testsuite",
    state: "yes",
    commands: [...messageCommands(session), ...scriptCommands(session), ...resultCommands(session)],
    tests: [...messageTests(session), ...scriptTests(session), ...resultTests(session)],
    namespaces: ["tst"],
    readNamespace: (name) => (name === "tst.path" ? session.environment.folder : ""),
  };
}
