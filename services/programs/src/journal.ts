import { createHash } from "node:crypto";
import type { Bucket } from "@tamis/bus";
import type { ProgramHead } from "@tamis/contracts";
import { z } from "zod";

/** What is known of one call. Small outputs are kept here, large ones in the object bucket. */
const entrySchema = z.discriminatedUnion("state", [
  z.object({ state: z.literal("begun"), instance: z.string(), at: z.number() }),
  z.object({
    state: z.literal("ended"),
    outcome: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("ended"), ok: z.boolean() }),
      z.object({
        kind: z.literal("failed"),
        reason: z.enum(["timeout", "output-too-large", "signal", "not-startable", "lost"]),
      }),
    ]),
    output: z.object({ size: z.number(), sha256: z.string(), base64: z.string().optional() }).optional(),
  }),
]);
export type JournalEntry = Readonly<z.infer<typeof entrySchema>>;
export type EndedEntry = Extract<JournalEntry, { state: "ended" }>;

export interface KnownCall {
  readonly entry: JournalEntry;
  readonly revision: number;
}

/** The name of a call: the same mail, program, arguments, edits and input have the same, whoever asks again. */
export function callName(head: ProgramHead): string {
  const parts = [
    head.accountId,
    head.fingerprint,
    head.command,
    head.program,
    head.arguments,
    head.key,
    head.input?.sha256 ?? "",
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 48);
}

/**
 * A program runs at most once for its call: `begun` is written before it starts, under compare-and-set. Who finds `begun` and
 * nobody at work must take it for lost; it is never started again.
 */
export class Journal {
  readonly #bucket: Pick<Bucket, "get" | "create" | "update">;

  constructor(bucket: Pick<Bucket, "get" | "create" | "update">) {
    this.#bucket = bucket;
  }

  async find(name: string): Promise<KnownCall | null> {
    const entry = await this.#bucket.get(name);
    if (entry === null) return null;
    const text = Buffer.from(entry.value).toString("utf8");
    return { entry: entrySchema.parse(JSON.parse(text)), revision: entry.revision };
  }

  /** The revision; `null` where somebody else began first. */
  begin(name: string, instance: string, at: number): Promise<number | null> {
    return this.#bucket.create(name, encode({ state: "begun", instance, at }));
  }

  /** `false` where somebody else wrote meanwhile: what stands there counts. */
  async end(name: string, entry: EndedEntry, revision: number): Promise<boolean> {
    return (await this.#bucket.update(name, encode(entry), revision)) !== null;
  }
}

const encode = (entry: JournalEntry): Uint8Array => Buffer.from(JSON.stringify(entry));
