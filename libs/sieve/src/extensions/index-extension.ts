import type { Extension } from "../extension.ts";

const tests = ["header", "address", "date"];

/** `:index n` takes the n-th field of a name, `:last` counts from the end (RFC 5260 §6). */
export const indexExtension: Extension = {
  name: "index",
  rfc: "RFC 5260 §6",
  state: "yes",
  tags: [
    {
      name: "index",
      on: tests,
      kind: "number",
      check(value, _args, context) {
        if (value === 0) context.report({ code: "index-from-one", at: "index" });
      },
      select: (value, args) => (fields) => {
        if (typeof value !== "number") return fields;
        const field = args["last"] === true ? fields[fields.length - value] : fields[value - 1];
        return field === undefined ? [] : [field];
      },
    },
    {
      name: "last",
      on: tests,
      kind: "flag",
      check(_value, args, context) {
        if (args["index"] === undefined) context.report({ code: "last-without-index", at: "last" });
      },
    },
  ],
};
