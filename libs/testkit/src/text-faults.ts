/** Texts by key: those with `en` or `fr` are told to people, whatever else is in them may hold more of them. */
type Texts = Readonly<Record<string, unknown>>;

const PARAMETER = /\{\w+\}/g;

/**
 * What is wrong with texts that are told in English and in French, one line each, none where all is well: a language is
 * missing or empty, a sentence is the same in both, or they name different parameters. `same`: keys of texts that need no
 * translation, a command say.
 */
export function textFaults(texts: Texts, same: readonly string[] = []): readonly string[] {
  return Object.entries(texts).flatMap(([key, value]) => {
    if (typeof value !== "object" || value === null) return [];
    const inner: Texts = { ...value };
    const { en, fr, ...more } = inner;
    const nested = textFaults(
      Object.fromEntries(Object.entries(more).map(([name, one]) => [`${key}.${name}`, one])),
      same,
    );
    if (en === undefined && fr === undefined) return nested;
    return [...faultsOf(en, fr, same.includes(key)).map((fault) => `${key}: ${fault}`), ...nested];
  });
}

function faultsOf(en: unknown, fr: unknown, mayBeSame: boolean): readonly string[] {
  if (typeof en !== "string" || en === "") return ["no English"];
  if (typeof fr !== "string" || fr === "") return ["no French"];
  const parameters = (text: string): string => (text.match(PARAMETER) ?? []).toSorted().join(" ");
  return [
    ...(parameters(en) === parameters(fr) ? [] : ["other parameters in French"]),
    ...(en === fr && !mayBeSame && / /.test(en.replace(PARAMETER, "")) ? ["the same in both languages"] : []),
  ];
}
