/** Times as people say them, and the instants that they mean: wall times in zones, changes of clocks, office hours, recurrence. */

export { type Instant, instantOf, localNow, someInstant, wallTimeOf } from "./instant-of.ts";
export { type LocalTime, midnightOf, shifted, weekdayOf } from "./local-time.ts";
export { type NextTime, nextTime } from "./next-time.ts";
export {
  isInside,
  nextInside,
  type OfficeHours,
  type OfficeHoursFault,
  type Opening,
  readOfficeHours,
} from "./office-hours.ts";
export { afterOpenTime, nextOutside, openTimeBetween } from "./office-time.ts";
export {
  type ReadRecurrence,
  type Recurrence,
  type RecurrenceFault,
  readRecurrence,
  recurrenceText,
  type Step,
} from "./recurrence.ts";
export { readSaidHours, type SaidHours } from "./said-hours.ts";
export { firstTime, readSaidRecurrence, type SaidRecurrence } from "./said-recurrence.ts";
export { type Reading, readSaidTime, type SaidTime, type SaidTimeFault } from "./said-time.ts";
export { renderAmbiguity, renderOfficeHoursFault, renderRecurrenceFault, renderSaidTimeFault } from "./texts.ts";
export { isTimeZone, zoneOffset } from "./zones.ts";
