import { type Bus, RetryLater } from "@tamis/bus";
import { type Decision, type ProgramOutputEdit, programOutputEdit, rewrittenObjects } from "@tamis/contracts";
import type { ProgramOutputs } from "@tamis/sieve";

/** What programs made of a mail, for the edits of one target; null where it is gone. Throws RetryLater while nobody can tell. */
export type OutputReader = (edits: readonly unknown[]) => Promise<ProgramOutputs | null>;

const outputsIn = (edits: readonly unknown[]): readonly ProgramOutputEdit[] =>
  edits.flatMap((edit) => programOutputEdit.safeParse(edit).data ?? []);

/** Octets that the edits bring with them. */
export const sizeOfOutputs = (edits: readonly unknown[]): number =>
  outputsIn(edits).reduce((sum, { size }) => sum + size, 0);

/** Reads from the object bucket that `filter` put them into before it published the plan. */
export function outputReader(bus: Pick<Bus, "objects">): OutputReader {
  return async (edits) => {
    const outputs = new Map<string, { readonly output: Uint8Array }>();
    for (const { key } of outputsIn(edits)) {
      const output = await (await bus.objects(rewrittenObjects)).get(key);
      if (output === null) return null;
      outputs.set(key, { output });
    }
    return outputs;
  };
}

/** Takes out what settled mails needed; what stays there for some failure goes with its age. */
export async function forgetOutputs(bus: Pick<Bus, "objects">, settled: readonly Decision[]): Promise<void> {
  const keys = new Set(
    settled.flatMap(({ plan }) =>
      editsOf(plan)
        .flatMap(outputsIn)
        .map(({ key }) => key),
    ),
  );
  try {
    for (const key of keys) await (await bus.objects(rewrittenObjects)).delete(key);
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
  }
}

function editsOf({ copies, destination }: Decision["plan"]): readonly (readonly unknown[])[] {
  return [...copies, destination].flatMap((target) =>
    "edits" in target && target.edits !== undefined ? [target.edits] : [],
  );
}
