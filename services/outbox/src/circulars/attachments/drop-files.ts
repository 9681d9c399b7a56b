import { type Objects, ObjectsUnavailable } from "@tamis/store";
import type { LinkedFiles } from "../../tables/linked-files.ts";

export interface DropFilesDeps {
  readonly files: Pick<LinkedFiles, "over" | "forget">;
  /** null: there is none any more, and what was in it is left to its operator. */
  readonly objects: Pick<Objects, "delete"> | null;
  readonly now: () => Date;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, event: string): void };
}

const AT_ONCE = 100;

/** Deletes attachments that no link leads to any more, or that no circular took; what cannot be deleted now is later. Resolves with how many. */
export async function dropFiles({ files, objects, now, log }: DropFilesDeps): Promise<number> {
  if (objects === null) return 0;
  let dropped = 0;
  for (;;) {
    const over = await files.over(now(), AT_ONCE);
    try {
      for (const object of over) await objects.delete(object);
    } catch (err) {
      if (!(err instanceof ObjectsUnavailable)) throw err;
      log.warn({ err }, "attachments-not-dropped");
      return dropped;
    }
    // Only now: whoever is killed in between finds them again.
    await files.forget(over);
    dropped += over.length;
    if (over.length < AT_ONCE) return dropped;
  }
}
