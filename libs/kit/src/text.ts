/** One text in the languages that Tamis speaks. `{name}` in it stands for a parameter. */
export interface Text {
  readonly en: string;
  readonly fr: string;
}

/** A language that people are spoken to in. */
export type Language = keyof Text;

/** A parameter that is a text itself is told in the language of the text around it. */
export type TextParameters = Readonly<Record<string, string | number | Text>>;

/** The text in one language; what has no parameter of its name stays as it is. */
export function tellIn(language: Language, text: Text, parameters: TextParameters = {}): string {
  return text[language].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined) return whole;
    return typeof value === "object" ? value[language] : String(value);
  });
}

/** The text in every language, its parameters filled in. */
export function fill(text: Text, parameters?: TextParameters): Text {
  return { en: tellIn("en", text, parameters), fr: tellIn("fr", text, parameters) };
}
