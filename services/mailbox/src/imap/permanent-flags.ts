import type { SelectedFolder } from "./imap-session.ts";

/**
 * RFC 9051 §7.1 PERMANENTFLAGS: those of the flags that the folder would keep. A keyword that it would not is left out,
 * \Recent is not ours to set, and what is no flag (§9) never goes over the wire.
 */
export function storableFlags(flags: readonly string[], folder: SelectedFolder | null): string[] {
  const allowed = folder?.permanentFlags ?? null;
  return flags.filter((flag) => {
    const name = flag.toLowerCase();
    if (name === "\\recent" || !/^\\?[^\s(){%*"\\\]\x7f-\uffff]+$/.test(flag)) return false;
    return allowed === null || allowed.has(name) || (!name.startsWith("\\") && allowed.has("\\*"));
  });
}
