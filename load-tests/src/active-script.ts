import { createHash } from "node:crypto";
import type { ActiveScript } from "@tamis/contracts";

/** A script as `filter` reads it from the bucket `scripts`. */
export function activeScriptOf(text: string): ActiveScript {
  return { v: 1, name: "load", version: createHash("sha256").update(text).digest("hex").slice(0, 16), text };
}
