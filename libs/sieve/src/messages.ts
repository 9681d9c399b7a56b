import type { Entry } from "./message-entry.ts";
import { abilityMessages } from "./messages-of-abilities.ts";
import { extensionMessages } from "./messages-of-extensions.ts";
import { meaningMessages } from "./messages-of-meaning.ts";
import { partMessages } from "./messages-of-parts.ts";
import { regexMessages } from "./messages-of-regex.ts";
import { syntaxMessages } from "./messages-of-syntax.ts";
import { testMessages } from "./messages-of-tests.ts";
import { warningMessages } from "./messages-of-warnings.ts";

/** What a kind of argument is called, in the place of `{kind}` and `{found}`. */
export const kindNames: Readonly<Record<string, { readonly en: string; readonly fr: string }>> = {
  string: { en: "a string", fr: "une chaîne" },
  strings: { en: "a list of strings", fr: "une liste de chaînes" },
  number: { en: "a number", fr: "un nombre" },
};

/** Every diagnostic and runtime error in English and French, by its code. `{name}` stands for a parameter. */
export const catalog: Readonly<Record<string, Entry>> = {
  ...syntaxMessages,
  ...meaningMessages,
  ...regexMessages,
  ...partMessages,
  ...extensionMessages,
  ...abilityMessages,
  ...testMessages,
  ...warningMessages,
};
