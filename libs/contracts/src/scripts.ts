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

/** A script to be tried on stored mail: KV `drafts`, for an hour, key = id of the run. Checked before it is put there. */
export const draftScript = z.object({ v: z.literal(1), accountId: z.string(), name: z.string(), text: z.string() });
export type DraftScript = Readonly<z.infer<typeof draftScript>>;

/** KV keys allow few characters: the name goes in as the hex of its UTF-8. */
export function storedScriptKey(accountId: string, name: string): string {
  const hex = Array.from(new TextEncoder().encode(name), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${accountId}.s.${hex}`;
}

/** `scripts.ask`: what an operator wants of one account's scripts, answered by the service `scripts` from its tables. */
export const scriptsAsk = z.discriminatedUnion("op", [
  z.object({ op: z.literal("list"), accountId: z.string() }),
  z.object({ op: z.literal("get"), accountId: z.string(), name: z.string() }),
  z.object({ op: z.literal("put"), accountId: z.string(), name: z.string(), text: z.string() }),
  /** `null`: no script is active any more. */
  z.object({ op: z.literal("activate"), accountId: z.string(), name: z.string().nullable() }),
  z.object({ op: z.literal("delete"), accountId: z.string(), name: z.string() }),
]);
export type ScriptsAsk = Readonly<z.infer<typeof scriptsAsk>>;

const listedScript = z.object({ name: z.string(), bytes: z.number().int(), at: z.number(), active: z.boolean() });

export const scriptsAnswer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("listed"), scripts: z.array(listedScript).readonly() }),
  z.object({ kind: z.literal("script"), script: storedScript.nullable() }),
  /** Committed; `active`: whether the script named is the active one now. */
  z.object({ kind: z.literal("done"), active: z.boolean() }),
  /** `reason` is a sentence for a person. */
  z.object({
    kind: z.literal("refused"),
    code: z.enum(["missing", "active", "too-many", "too-big", "bad-name", "does-not-compile"]),
    reason: z.string(),
  }),
]);
export type ScriptsAnswer = Readonly<z.infer<typeof scriptsAnswer>>;
