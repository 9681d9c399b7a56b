import type { Redirect } from "../actions.ts";
import type { Extension, Tag } from "../extension.ts";
import { asText } from "../program.ts";
import { RuntimeFault } from "../run-state.ts";

const conditions: ReadonlySet<string> = new Set(["SUCCESS", "FAILURE", "DELAY"]);

/** RFC 6009 §6: NEVER, or conditions separated by commas; null for anything else. */
function notifyOf(text: string): readonly string[] | null {
  const values = text.toUpperCase().split(",");
  if (values.length === 1 && values[0] === "NEVER") return values;
  return values.every((value) => conditions.has(value)) ? [...new Set(values)] : null;
}

function retOf(text: string): "FULL" | "HDRS" | null {
  const value = text.toUpperCase();
  return value === "FULL" || value === "HDRS" ? value : null;
}

function dsnTag<T>(
  name: string,
  given: {
    readonly code: string;
    readonly allowed: string;
    parse(text: string): T | null;
    set(value: T): NonNullable<Redirect["dsn"]>;
  },
): Tag {
  const problem = (value: string) => ({
    code: given.code,
    parameters: { value, tag: name, allowed: given.allowed },
  });
  return {
    name,
    on: ["redirect"],
    kind: "string",
    check(value, _args, context) {
      if (typeof value === "string" && given.parse(value) === null) context.report({ ...problem(value), at: name });
    },
    amend(value, preparation) {
      const text = preparation.text(asText(value));
      return (action, state) => {
        if (action.kind !== "redirect") return action;
        const written = text(state);
        const parsed = given.parse(written);
        const { code, parameters } = problem(written);
        if (parsed === null) throw new RuntimeFault(code, parameters);
        return { ...action, dsn: { ...action.dsn, ...given.set(parsed) } };
      };
    },
  };
}

/** What delivery reports a redirected mail asks for (RFC 6009 §6). */
export const redirectDsn: Extension = {
  name: "redirect-dsn",
  rfc: "RFC 6009 §6",
  state: "yes",
  needs: ["send"],
  tags: [
    dsnTag("notify", { code: "bad-dsn-notify", allowed: "", parse: notifyOf, set: (notify) => ({ notify }) }),
    dsnTag("ret", { code: "tag-value-unknown", allowed: "FULL, HDRS", parse: retOf, set: (ret) => ({ ret }) }),
  ],
};
