/** The entry: raw octets to a lazily read mail. */

import { readTree } from "./entity.ts";
import { type HeaderBlock, readHeaderBlock } from "./header-block.ts";
import type { Entity, HeaderField, KnownAboutMail, Message } from "./model.ts";
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

class RawMessage implements Message {
  readonly raw: Uint8Array;
  readonly size: number;
  readonly complete: boolean;
  private readBlock: HeaderBlock | null = null;
  private tree: Entity | null = null;

  constructor(raw: Uint8Array, known: KnownAboutMail) {
    this.raw = raw;
    this.size = known.size ?? raw.length;
    this.complete = known.complete ?? this.size <= raw.length;
  }

  get root(): Entity {
    this.tree ??= readTree(asBuffer(this.raw), this.header());
    return this.tree;
  }

  get bodyStart(): number {
    return this.header().bodyStart;
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
