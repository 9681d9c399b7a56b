import { quoteMailboxName } from "./mailbox-name.ts";
import { ServerRefused } from "./server-refused.ts";

/** A folder's name as it goes over the wire. Throws {@link ServerRefused} where it can be none. */
export function quotedName(name: string): string {
  const wire = quoteMailboxName(name);
  if (wire === null)
    throw new ServerRefused("folder name", { status: "NO", code: "CANNOT", codeText: "", text: "not a folder name" });
  return wire;
}
