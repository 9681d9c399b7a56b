import type { PositionalKind, Shape, TagKind } from "./extension.ts";

/** The arguments of a shape: its own tags by name, and the positional ones in order. */
export interface Signature {
  readonly tags: ReadonlyMap<string, TagKind>;
  readonly positional: readonly Positional[];
  /** Those that may not be left out. */
  readonly required: readonly Positional[];
  /** The name of the last one: it holds the keys of a test that compares. */
  readonly last: string | undefined;
}

interface Positional {
  readonly name: string;
  readonly kind: PositionalKind;
}

const signatures = new WeakMap<Shape, Signature>();

/** The signature of a shape; made when a script first uses it. */
export function signatureOf(shape: Shape): Signature {
  const known = signatures.get(shape);
  if (known !== undefined) return known;
  const positional = Object.entries(shape.positional ?? {}).map(([name, kind]) => ({ name, kind }));
  const required = positional.filter(({ kind }) => !kind.endsWith("?"));
  const tags = new Map(Object.entries(shape.tags ?? {}));
  const signature = { tags, positional, required, last: positional.at(-1)?.name };
  signatures.set(shape, signature);
  return signature;
}
