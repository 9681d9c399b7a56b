import { capabilities } from "@tamis/sieve";

/**
 * What scripts may `require`, advertised as SIEVE (RFC 5804 §1.7) and given to the compiler, so that the two never
 * differ: all that the Sieve library can carry out, as `filter` runs scripts with the same.
 */
export const offeredExtensions = (): readonly string[] => capabilities();
