/** The database cannot be asked now: nothing was done, or (a lost answer to a commit) perhaps all of it. Try later. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

/** PostgreSQL's error code (appendix A of its manual), or the system's; empty where there is none. */
export function codeOf(error: unknown): string {
  for (let e = error; e instanceof Error; e = e.cause) if ("code" in e && typeof e.code === "string") return e.code;
  return "";
}

/** Serialization failure, deadlock: the transaction was rolled back and may succeed the next time. */
export const isConflict = (error: unknown): boolean => ["40001", "40P01"].includes(codeOf(error));

/** Class 08 connection, 53 resources, 57P shutdown and start-up, 58 the server's system; then Node's own. */
const UNAVAILABLE = /^(08...|53...|57P0.|58...|25006|E[A-Z]+)$/;
/** node-postgres gives these no code. */
const UNAVAILABLE_WORDS =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|connection ended/i;

export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== "") return UNAVAILABLE.test(code);
  return error instanceof Error && UNAVAILABLE_WORDS.test(error.message);
}
