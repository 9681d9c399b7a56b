import { z } from "zod";

/** The active script of an account, as `filter` reads it: KV `scripts`, key = accountId. */
export const activeScript = z.object({
  v: z.literal(1),
  name: z.string(),
  /** Hash of the text: `filter` compiles once per version. */
  version: z.string(),
  text: z.string(),
});
export type ActiveScript = Readonly<z.infer<typeof activeScript>>;

/** A stored script: KV `scripts`, key = {@link storedScriptKey}. */
export const storedScript = z.object({ v: z.literal(1), name: z.string(), text: z.string(), at: z.number() });
export type StoredScript = Readonly<z.infer<typeof storedScript>>;

/** KV keys allow few characters: the name goes in as the hex of its UTF-8. */
export function storedScriptKey(accountId: string, name: string): string {
  const hex = Array.from(new TextEncoder().encode(name), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${accountId}.s.${hex}`;
}
