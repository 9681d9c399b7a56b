import { folderObjects } from "./folder-objects.ts";
import type { Objects } from "./objects.ts";
import { s3Objects } from "./s3-objects.ts";
import type { ObjectsSettings } from "./section.ts";

/** The objects of these settings. Nothing is asked of them before they are used: where they are away, what is wanted of them is `ObjectsUnavailable`. */
export function openObjects(settings: ObjectsSettings): Objects {
  return settings.kind === "folder" ? folderObjects(settings.dir) : s3Objects(settings);
}
