const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const AGO = /^(\d{1,6})([mhdw])$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** Epoch ms of `90m`, `12h`, `3d`, `2w` (so long ago), of a date (local midnight) or of an ISO 8601 time; `null` where it is none. */
export function parseMoment(text: string, now: number): number | null {
  const [, count, unit] = AGO.exec(text) ?? [];
  if (count !== undefined && (unit === "m" || unit === "h" || unit === "d" || unit === "w"))
    return now - Number(count) * UNIT_MS[unit];
  const isDate = DATE.test(text);
  if (!isDate && !DATE_TIME.test(text)) return null;
  const time = Date.parse(isDate ? `${text}T00:00:00` : text.replace(" ", "T"));
  if (Number.isNaN(time)) return null;
  // QUIRK: Date.parse takes 2026-02-30 for 2 March.
  const day = Number(text.slice(8, 10));
  return isDate && new Date(time).getDate() !== day ? null : time;
}
