/**
 * Mail goes through these in buffers, which V8 counts apart from its heap: it begins a full collection whenever they grew by some tens of
 * megabytes, ten times for 5,000 mails of 20 KB, though they are garbage soon and go with the young generation. Counted together with the
 * heap, of which the first 128 MB are no reason to collect, they cost a fourth of the processor time less.
 */
const BUFFERS = ["--external-memory-accounted-in-global-limit", "--initial-old-space-size=128"];

const FLAGS: ReadonlyMap<string, readonly string[]> = new Map([
  ["mailbox", BUFFERS],
  ["filter", BUFFERS],
  ["sorter", BUFFERS],
]);

/** The flags of Node with which a service runs best; it runs without them too. */
export const nodeFlags = (service: string): readonly string[] => FLAGS.get(service) ?? [];
