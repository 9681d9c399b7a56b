import type { EnvelopePart, Extension } from "../extension.ts";
import type { EnvelopeFacts } from "../facts.ts";

function part(name: string, values: (envelope: EnvelopeFacts) => readonly (string | undefined)[]): EnvelopePart {
  return {
    name,
    needs: "envelope-dsn",
    prepare: () => (state) => values(state.facts.envelope).filter((value) => value !== undefined),
  };
}

/** What delivery reports the sender asked for (RFC 6009 §4). */
export const envelopeDsn: Extension = {
  name: "envelope-dsn",
  rfc: "RFC 6009 §4",
  state: "yes",
  envelopeParts: [
    part("notify", ({ notify }) => notify ?? []),
    part("orcpt", ({ orcpt }) => [orcpt]),
    part("ret", ({ ret }) => [ret]),
    part("envid", ({ envid }) => [envid]),
  ],
};
