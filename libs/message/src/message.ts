/** The entry: raw octets to a lazily read mail. */

import { readTree } from "./entity.ts";
import { type HeaderBlock, readHeaderBlock } from "./header-block.ts";
import type { Entity, HeaderField, KnownAboutMail, Message, Omission } from "./model.ts";
import { asBuffer } from "./octets.ts";

/** Wraps the octets of a mail; costs nothing until something is asked. The octets must not change afterwards. */
export function readMessage(raw: Uint8Array, known: KnownAboutMail = {}): Message {
  return new RawMessage(raw, known);
}

/** The entity and all below it, depth first, parents before their children. */
export function* walk(entity: Entity): Generator<Entity> {
  const waiting: Entity[] = [entity];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    for (let index = next.children.length - 1; index >= 0; index--) {
      const child = next.children[index];
      if (child !== undefined) waiting.push(child);
    }
  }
}

/** Whether we read the same parts as the one who left some out, and none of those is a text to us. */
function leavesOnlyOthersOut(root: Entity, { parts, omitted }: Omission): boolean {
  const types: string[] = [];
  collectTypes(root, types);
  return (
    types.length === parts && omitted.every((index) => !/^(?:text|message|multipart)\//.test(types[index] ?? "text/"))
  );
}

function collectTypes(entity: Entity, types: string[]): void {
  if (!entity.type.startsWith("multipart/") || entity.children.length === 0) types.push(entity.type);
  else for (const child of entity.children) collectTypes(child, types);
}

class RawMessage implements Message {
  readonly raw: Uint8Array;
  readonly size: number;
  readonly complete: boolean;
  readonly omission: Omission | null;
  private textsAreHere: boolean | null = null;
  private readBlock: HeaderBlock | null = null;
  private tree: Entity | null = null;

  constructor(raw: Uint8Array, known: KnownAboutMail) {
    this.raw = raw;
    this.size = known.size ?? raw.length;
    this.omission = known.omission ?? null;
    this.complete = this.omission === null && (known.complete ?? this.size <= raw.length);
  }

  get hasTexts(): boolean {
    this.textsAreHere ??= this.complete || (this.omission !== null && leavesOnlyOthersOut(this.root, this.omission));
    return this.textsAreHere;
  }

  get bodyStart(): number {
    return Math.min(this.header().bodyStart, this.raw.length);
  }

  get root(): Entity {
    this.tree ??= readTree(asBuffer(this.raw), this.header());
    return this.tree;
  }

  headers(name: string): readonly HeaderField[] {
    return this.header().named(name);
  }

  headerFields(): readonly HeaderField[] {
    return this.header().fields;
  }

  private header(): HeaderBlock {
    this.readBlock ??= readHeaderBlock(asBuffer(this.raw), 0, this.raw.length);
    return this.readBlock;
  }
}
