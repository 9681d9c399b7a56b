import { abroad } from "./mails/abroad.ts";
import { colleagues } from "./mails/colleagues.ts";
import { families } from "./mails/families.ts";
import { leaving } from "./mails/leaving.ts";
import { lists } from "./mails/lists.ts";
import { rectorat } from "./mails/rectorat.ts";
import type { Sample } from "./mails/sample.ts";

/** Every mail of the demo, once: what `--check` delivers. */
export const samples: readonly Sample[] = [...rectorat, ...families, ...colleagues, ...lists, ...abroad, ...leaving];
