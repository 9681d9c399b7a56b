import { defineTest, type Extension } from "../extension.ts";
import { freshSource, prepareMatch } from "../match-test.ts";
import type { RunState } from "../run-state.ts";
import { imapItems } from "./imapsieve.ts";

/** RFC 5183 §4.1: where we run, as far as it never changes: in the message store, after delivery. */
const defaults: ReadonlyMap<string, string> = new Map([
  ["name", "Tamis"],
  ["location", "MS"],
  ["phase", "post"],
  ["vnd.dovecot.default-mailbox", "INBOX"],
]);

/** The value of an item, lower-case name; undefined when it is not known. */
export function environmentItem(name: string, { facts }: RunState): string | undefined {
  return facts.environment?.get(name) ?? imapItems(facts.imapEvent).get(name) ?? defaults.get(name);
}

const environment = defineTest({
  name: "environment",
  shape: { positional: { item: "string", keys: "strings" }, families: ["match"] },
  prepare(args, line, preparation) {
    const item = preparation.text(args.item);
    const isCount = args.match === "count";
    const source = freshSource(typeof args.item === "string" ? args.item : "environment", (state) => {
      const value = environmentItem(item(state).toLowerCase(), state) ?? "";
      // RFC 5183 §4: for :count an empty string counts for nothing.
      return isCount && value === "" ? [] : [value];
    });
    const matches = prepareMatch(preparation, { test: "environment", line, args, keys: args.keys, sources: [source] });
    // RFC 5183 §4: an item that is not known never matches, nor does its count.
    return (state) => environmentItem(item(state).toLowerCase(), state) !== undefined && matches(state);
  },
});

/** Tests on where and for whom the script runs (RFC 5183). */
export const environmentExtension: Extension = {
  name: "environment",
  rfc: "RFC 5183",
  state: "yes",
  tests: [environment],
};
