import { statSync } from "node:fs";
import { z } from "zod";
import { resolvePath } from "./reading-place.ts";
import { errorCode } from "./secret.ts";

/** An existing file; a relative path starts at the folder of tamis.yaml. Parses to the absolute path. */
export function filePath(meaning: string) {
  return existing(meaning, "file");
}

/** An existing folder; a relative path starts at the folder of tamis.yaml. Parses to the absolute path. */
export function folderPath(meaning: string) {
  return existing(meaning, "folder");
}

/** A path that need not exist yet. */
export function newPath(meaning: string) {
  return z.string().min(1).transform(resolvePath).describe(meaning);
}

function existing(meaning: string, kind: "file" | "folder") {
  return z
    .string()
    .min(1)
    .transform((given, context): string => {
      const path = resolvePath(given);
      const problem = whyNot(path, kind);
      if (problem !== null)
        context.addIssue({
          code: "custom",
          message: problem,
          params: { mend: `name an existing ${kind}; relative paths start at the folder of tamis.yaml` },
        });
      return path;
    })
    .describe(meaning);
}

function whyNot(path: string, kind: "file" | "folder"): string | null {
  try {
    const found = statSync(path);
    if (kind === "file" ? found.isFile() : found.isDirectory()) return null;
    return `${path} is no ${kind}`;
  } catch (error) {
    return `${path}: ${errorCode(error)}`;
  }
}
