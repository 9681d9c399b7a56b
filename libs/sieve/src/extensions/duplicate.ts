import { type CheckContext, defineTest, type Extension } from "../extension.ts";
import { fieldsNamed, isFieldName } from "../header-fields.ts";
import { act } from "../preparation.ts";
import type { Origin, Text } from "../program.ts";
import { FactsMissing, type RunState, RuntimeFault } from "../run-state.ts";

/** One text for what is looked up: the handle and the id, which may hold anything (RFC 7352 §3.1, §3.2). */
export function duplicateKey(handle: string, id: string): string {
  return JSON.stringify([handle, id]);
}

function checkHeader(header: Text | undefined, context: CheckContext): void {
  if (typeof header !== "string") return;
  if (isFieldName(header)) context.use({ headers: [header.toLowerCase()] });
  else context.report({ code: "field-cannot-be", at: "header", parameters: { name: header } });
}

/** Adds the mark to the result; a script that ends in an error leaves none. */
function mark(state: RunState, key: string, seconds: number, line: number): void {
  const span = { start: 0, end: 0, line, column: 1 };
  const origin: Origin = state.origin ?? { rule: `line ${line}`, line, span };
  act(state, { kind: "duplicate-mark", key, seconds, origin: { ...origin, line } }, { ...origin, line });
}

const duplicate = defineTest({
  name: "duplicate",
  shape: {
    // `:value` is what vnd.dovecot.duplicate calls `:uniqueid`.
    tags: { handle: "string", header: "string", uniqueid: "string", value: "string", seconds: "number", last: "flag" },
    exclusive: [["header", "uniqueid", "value"]],
  },
  check(args, context) {
    checkHeader(args.header ?? "message-id", context);
    if (args.value !== undefined && !context.enabled("vnd.dovecot.duplicate")) {
      const parameters = { name: ":value", capability: "vnd.dovecot.duplicate" };
      context.report({ code: "only-in-dialect", at: "value", parameters });
    }
  },
  prepare(args, line, preparation) {
    const handle = preparation.text(args.handle ?? "");
    const header = preparation.text(args.header ?? "message-id");
    const given = args.uniqueid ?? args.value;
    const unique = given === undefined ? null : preparation.text(given);
    const idOf = (state: RunState): string => {
      if (unique !== null) return unique(state);
      const name = header(state);
      if (!isFieldName(name)) throw new RuntimeFault("field-cannot-be", { name });
      return fieldsNamed(state, name)[0]?.raw() ?? "";
    };
    return (state) => {
      state.spend(1);
      const id = idOf(state);
      // RFC 7352 §3: what has no id is no duplicate, and is not remembered.
      if (id === "") return false;
      const key = duplicateKey(handle(state), id);
      const seen = state.facts.duplicates?.get(key);
      if (seen === undefined) throw new FactsMissing([{ kind: "duplicate", key }]);
      const { duplicateDefaultSeconds, duplicateMaxSeconds } = state.limits;
      const seconds = Math.min(args.seconds ?? duplicateDefaultSeconds, duplicateMaxSeconds);
      // RFC 7352 §3.3: without `:last` the time counts from the first one.
      if (!seen || args.last === true) mark(state, key, seconds, line);
      return seen && state.matched("duplicate", line, { value: id });
    };
  },
});

/** Tests whether the same mail came before (RFC 7352). */
export const duplicateExtension: Extension = {
  name: "duplicate",
  outdated: ["vnd.dovecot.duplicate"],
  rfc: "RFC 7352",
  state: "yes",
  needs: ["memory"],
  tests: [duplicate],
};
