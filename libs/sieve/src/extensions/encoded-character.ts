import type { Extension } from "../extension.ts";

/** `${hex: …}` and `${unicode: …}` in strings (RFC 5228 §2.4.2.4); read where literals are read, in text-template.ts. */
export const encodedCharacter: Extension = {
  name: "encoded-character",
  rfc: "RFC 5228 §2.4.2.4",
  state: "yes",
};
