import { defineTest, type Extension } from "../extension.ts";
import { freshSource, prepareMatch } from "../match-test.ts";
import { imapItems } from "./imapsieve.ts";

/** RFC 5183 §4.1: where we run, as far as it never changes: in the message store, after delivery. */
const defaults: ReadonlyMap<string, string> = new Map([
  ["name", "Tamis"],
  ["location", "MS"],
  ["phase", "post"],
]);

const environment = defineTest({
  name: "environment",
  shape: { positional: { item: "string", keys: "strings" }, families: ["match"] },
  prepare(args, line, preparation) {
    const item = preparation.text(args.item);
    const source = freshSource(typeof args.item === "string" ? args.item : "environment", (state) => {
      const name = item(state).toLowerCase();
      const { environment: items, imapEvent } = state.facts;
      const value = items?.get(name) ?? imapItems(imapEvent).get(name) ?? defaults.get(name);
      // RFC 5183 §4: an item that is not known never matches.
      return value === undefined ? [] : [value];
    });
    return prepareMatch(preparation, { test: "environment", line, args, keys: args.keys, sources: [source] });
  },
});

/** Tests on where and for whom the script runs (RFC 5183). */
export const environmentExtension: Extension = {
  name: "environment",
  rfc: "RFC 5183",
  state: "yes",
  tests: [environment],
};
