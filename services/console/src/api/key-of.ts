import { createHash, randomUUID } from "node:crypto";

/** Names a circular by what its maker named it: any text, of any length. */
export const keyOf = (given: string | undefined): string =>
  `api/${given === undefined ? randomUUID() : createHash("sha256").update(given).digest("hex")}`;
