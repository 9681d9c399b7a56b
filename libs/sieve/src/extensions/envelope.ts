import type { Ability } from "../ability.ts";
import { addressReader } from "../address-values.ts";
import { type CheckContext, defineTest, type Extension } from "../extension.ts";
import { argumentsOf } from "../header-source.ts";
import { prepareMatch, type Source } from "../match-test.ts";
import { type RunState, RuntimeFault } from "../run-state.ts";
import { valuesOf } from "../values.ts";
import { addressPart, checkAddressKeys } from "./base-tests.ts";

/** The parts that are addresses, each with what it takes to know it. "auth" is the authenticated user, as other engines have it. */
const parts: ReadonlyMap<string, Ability | null> = new Map<string, Ability | null>([
  ["from", "envelope-sender"],
  ["to", null],
  ["auth", "envelope-auth"],
]);

/** An envelope address with its two halves; null when the part is not known. */
function envelopeAddress(
  state: RunState,
  part: string,
): { readonly address: string; readonly localPart: string; readonly domain: string } | null {
  const { from, to, auth } = state.facts.envelope;
  const known = part === "from" ? from : part === "to" ? to : part === "auth" ? auth : undefined;
  if (known === undefined) return null;
  const address = (known ?? "").replace(/^<(.*)>$/s, "$1");
  const at = address.lastIndexOf("@");
  return { address, localPart: at < 0 ? address : address.slice(0, at), domain: at < 0 ? "" : address.slice(at + 1) };
}

/** Parts that other extensions add: they are no addresses. */
function checkOtherPart(
  { part, index, tag }: { readonly part: string; readonly index: number; readonly tag: string | undefined },
  context: CheckContext,
): void {
  const found = context.envelopePart(part.toLowerCase());
  const capability = found?.capability ?? "";
  const problem =
    found === null
      ? { code: "unknown-envelope-part", parameters: { part } }
      : !context.enabled(capability)
        ? { code: "envelope-part-needs-require", parameters: { part, capability } }
        : tag === undefined
          ? null
          : { code: "part-has-no-address", parameters: { part, tag } };
  if (problem !== null) context.report({ ...problem, at: "parts", index });
  else useKnown({ part, index, needs: found?.item.needs ?? null }, context);
}

/** Notes that a part is looked at, and warns where nobody can know it. */
function useKnown(
  { part, index, needs }: { readonly part: string; readonly index: number; readonly needs: Ability | null },
  context: CheckContext,
): void {
  context.use({ envelope: [part.toLowerCase()] });
  if (needs === null || !context.lacks(needs)) return;
  const code = needs === "envelope-sender" ? "envelope-sender-unknown" : "envelope-part-unknown";
  context.report({ severity: "warning", code, at: "parts", index, parameters: { part } });
}

const envelope = defineTest({
  name: "envelope",
  shape: { positional: { parts: "strings", keys: "strings" }, families: ["match", "address-part"] },
  check(args, context) {
    checkAddressKeys(args, context);
    args.parts.forEach((part, index) => {
      const needs = typeof part === "string" ? parts.get(part.toLowerCase()) : undefined;
      if (typeof part !== "string") context.use({ envelope: [...parts.keys()] });
      else if (needs !== undefined) useKnown({ part, index, needs }, context);
      else checkOtherPart({ part, index, tag: args.part }, context);
    });
  },
  prepare(args, line, preparation) {
    const wanted = addressReader(addressPart(preparation, args.part), args.match);
    const others = new Map(
      [...preparation.registry.envelopeParts].map(([name, { item }]) => [
        name,
        item.prepare(argumentsOf(args), preparation),
      ]),
    );
    const read = (state: RunState, part: string): readonly string[] => {
      const other = others.get(part);
      if (other !== undefined) return other(state);
      const found = envelopeAddress(state, part);
      if (found === null) return [];
      // RFC 5228 §5.4: the null reverse-path is the empty string whatever the address part.
      if (found.address === "") return [""];
      return wanted.read(found, state);
    };
    const source = (part: string): Source => {
      const lower = part.toLowerCase();
      if (others.has(lower)) return { field: part, read: (state) => valuesOf(read(state, lower)) };
      const slot = preparation.slot(`envelope ${wanted.name} ${lower}`, (state) => valuesOf(read(state, lower)), {
        early: true,
      });
      return { field: part, read: slot.read, slot };
    };
    const expand = preparation.texts(args.parts);
    const fixed = args.parts.filter((part) => typeof part === "string");
    const sources =
      fixed.length === args.parts.length
        ? fixed.map(source)
        : (state: RunState): readonly Source[] =>
            expand(state).map((part) => ({ field: part, read: () => valuesOf(read(state, part.toLowerCase())) }));
    const matches = prepareMatch(preparation, { test: "envelope", line, args, keys: args.keys, sources });
    return (state) => {
      // RFC 6785 §4.6: whoever stored or changed the mail sent no envelope.
      if (state.facts.imapEvent !== undefined) throw new RuntimeFault("not-in-imap-event", { action: "envelope" });
      return matches(state);
    };
  },
});

/** Tests on the SMTP envelope, as far as the facts know it (RFC 5228 §5.4). */
export const envelopeExtension: Extension = {
  name: "envelope",
  rfc: "RFC 5228 §5.4",
  state: "yes",
  tests: [envelope],
};
