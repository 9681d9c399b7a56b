interface Sentence {
  readonly message: string;
  readonly hint?: string;
}

interface Entry {
  readonly en: Sentence;
  readonly fr: Sentence;
}

/** Every diagnostic and runtime error in English and French, by its code. `{name}` stands for a parameter. */
export const catalog: Readonly<Record<string, Entry>> = {};
