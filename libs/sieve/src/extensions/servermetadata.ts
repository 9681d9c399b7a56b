import { defineTest, type Extension } from "../extension.ts";
import { freshSource, prepareMatch } from "../match-test.ts";
import { annotation, checkEntries } from "./mboxmetadata.ts";

// RFC 5490 §4
const servermetadata = defineTest({
  name: "servermetadata",
  shape: { positional: { entry: "string", keys: "strings" }, families: ["match"] },
  check: ({ entry }, context) => checkEntries([entry], "entry", context),
  prepare(args, line, preparation) {
    const entry = preparation.text(args.entry);
    const source = freshSource(typeof args.entry === "string" ? args.entry : "servermetadata", (state) => {
      const value = annotation(state, null, entry(state));
      return value === null ? [] : [value];
    });
    return prepareMatch(preparation, { test: "servermetadata", line, args, keys: args.keys, sources: [source] });
  },
});

// RFC 5490 §4
const servermetadataexists = defineTest({
  name: "servermetadataexists",
  shape: { positional: { entries: "strings" } },
  check: ({ entries }, context) => checkEntries(entries, "entries", context),
  prepare(args, line, preparation) {
    const entries = preparation.texts(args.entries);
    return (state) => {
      state.spend(1);
      const wanted = entries(state);
      if (!wanted.every((entry) => annotation(state, null, entry) !== null)) return false;
      return state.matched("servermetadataexists", line, { field: wanted.join(", ") });
    };
  },
});

/** Tests on the annotations of the server (RFC 5490 §4). */
export const servermetadataExtension: Extension = {
  name: "servermetadata",
  rfc: "RFC 5490 §4",
  state: "yes",
  needs: ["server-metadata"],
  tests: [servermetadata, servermetadataexists],
};
