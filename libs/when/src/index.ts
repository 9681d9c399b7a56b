/** Times as people say them, and the instants that they mean: wall times in zones, their changes of clocks, recurrence. */

export { type Instant, instantOf, localNow, someInstant, wallTimeOf } from "./instant-of.ts";
export { type LocalTime, midnightOf, shifted, weekdayOf } from "./local-time.ts";
export { isTimeZone, zoneOffset } from "./zones.ts";
