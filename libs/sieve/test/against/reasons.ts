import type { ComparableCase } from "./comparable.ts";

/** A place where the engines differ: what one of them did, and the rule that it comes from, if a rule. */
export interface Difference {
  readonly action: string;
  readonly rule: string | undefined;
}

/** Why we decide otherwise than Dovecot's engine on purpose. */
export interface Reason {
  readonly name: string;
  readonly why: string;
  /** Whether it explains the first difference of the case; later ones may follow from that by variables. */
  readonly explains: (first: Difference, one: ComparableCase) => boolean;
}

const redirects = (script: string): ReadonlySet<string> =>
  new Set(script.match(/redirect (?::copy )?"other@example\.org"/g) ?? []);

/** Each with what the RFC says. */
export const reasons: readonly Reason[] = [
  {
    name: "order-of-casemap",
    why: "RFC 4790 §9.2.1: i;ascii-casemap folds to upper case, so `[` to `_` come after all letters; Dovecot folds to lower case and puts them before.",
    explains: ({ rule }) => /:value "(?:gt|ge|lt|le)"/.test(rule ?? ""),
  },
  {
    name: "empty-body",
    why: "RFC 5173 §4: a header with an empty line and nothing behind it has an empty body, which an empty key equals; to Dovecot such a mail has none.",
    explains: ({ rule }, { mail }) => /body :raw/.test(rule ?? "") && mail.endsWith("\r\n\r\n"),
  },
  {
    name: "string-comparator",
    why: "RFC 5228 §2.7.3: i;ascii-casemap where no comparator is named, for the test string (RFC 5229 §5) as for any other; Dovecot compares it by octets.",
    explains: ({ rule }) => /\bstring (?!:comparator)/.test(rule ?? ""),
  },
  {
    name: "redirect-twice",
    why: "RFC 5228 §4.2 and RFC 3894 §3: a redirect without :copy cancels the implicit keep; Dovecot drops it as a double of the one with :copy, and keeps the mail.",
    explains: ({ action }, { script }) => action === "keep" && redirects(script).size === 2,
  },
];

const numberOf = (action: string): number =>
  Number(/^fileinto [TUV](\d+)$/.exec(action)?.[1] ?? Number.POSITIVE_INFINITY);

/** Where two decisions part, in the order of the script; what no rule is named for comes last. */
export function differencesOf(one: ComparableCase, words: readonly [string, string]): readonly Difference[] {
  const [ours = [], theirs = []] = words.map((text) => text.split(", "));
  const only = (some: readonly string[], others: readonly string[]): readonly string[] =>
    some.filter((action) => !others.includes(action));
  return [...only(ours, theirs), ...only(theirs, ours)]
    .sort((left, right) => numberOf(left) - numberOf(right))
    .map((action) => {
      const name = `"T${numberOf(action)}"`;
      return { action, rule: one.script.split("\n").find((line) => line.includes(name)) };
    });
}
