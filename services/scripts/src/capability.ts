import { limitTable } from "@tamis/sieve";
import { listLine } from "./protocol/response.ts";
import type { Language } from "./texts.ts";

export interface CapabilityFacts {
  /** What `require` may name. */
  readonly extensions: readonly string[];
  /** External lists, by their names. */
  readonly lists: readonly string[];
  /** Mail may leave: what `redirect` needs, which nobody has to require. */
  readonly sends: boolean;
  /** SASL mechanisms; none without TLS. */
  readonly mechanisms: readonly string[];
  readonly startTls: boolean;
  /** The address of who is signed in. */
  readonly owner: string | null;
  readonly language: Language;
}

/** RFC 5804 §1.7: one line for each capability, without the OK. */
export function capabilityLines(facts: CapabilityFacts): string {
  const { extensions, lists, sends, mechanisms, startTls, owner, language } = facts;
  // RFC 5804 §1.7: comparators and the base language are asked for by `require` too, but RFC 5228 §6.1 lets them be named.
  return [
    listLine("IMPLEMENTATION", { value: "Tamis" }),
    listLine("SASL", { value: mechanisms.join(" ") }),
    listLine("SIEVE", { value: extensions.join(" ") }),
    ...(startTls ? [listLine("STARTTLS")] : []),
    listLine("MAXREDIRECTS", { value: String(sends ? limitTable.redirects.value : 0) }),
    ...(extensions.includes("enotify") ? [listLine("NOTIFY", { value: "mailto" })] : []),
    ...(extensions.includes("extlists") ? [listLine("EXTLISTS", { value: schemesOf(lists).join(" ") })] : []),
    listLine("UNAUTHENTICATE"),
    listLine("LANGUAGE", { value: language }),
    ...(owner === null ? [] : [listLine("OWNER", { value: owner })]),
    listLine("VERSION", { value: "1.0" }),
  ].join("");
}

/** RFC 6134 §2.8: the URI schemes of the lists that there are; `:` stands for a `urn:`. */
function schemesOf(lists: readonly string[]): readonly string[] {
  return [
    ...new Set(lists.map((name) => (name.startsWith(":") ? "urn" : name.slice(0, name.indexOf(":")).toLowerCase()))),
  ];
}
