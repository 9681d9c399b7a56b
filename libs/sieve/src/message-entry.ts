/** What is wrong, and how to mend it. */
export interface Sentence {
  readonly message: string;
  readonly hint?: string;
}

/** One message in both languages. */
export interface Entry {
  readonly en: Sentence;
  readonly fr: Sentence;
}

/** Message and hint, first in English, then in French. */
export function entry(en: readonly [string, string?], fr: readonly [string, string?]): Entry {
  return { en: sentence(en), fr: sentence(fr) };
}

function sentence([message, hint]: readonly [string, string?]): Sentence {
  return hint === undefined ? { message } : { message, hint };
}
