import type { Message } from "@tamis/message";
import { patternOf } from "../pattern.ts";
import type { SuiteSettings } from "./settings.ts";

/** How surely the mail is spam, by the header field that the settings name; undefined where nobody looked. */
export function spamOf(message: Message, settings: SuiteSettings): number | undefined {
  const found = verdictOf(message, settings, "sieve_spamtest_");
  if (found === undefined) return undefined;
  if (found.kind === "share") return found.value;
  return found.value === 0 ? undefined : (found.value - 1) / 9;
}

/** From 1, no virus, to 5. */
export function virusOf(message: Message, settings: SuiteSettings): number | undefined {
  const found = verdictOf(message, settings, "sieve_virustest_");
  if (found === undefined) return undefined;
  return found.kind === "share" ? Math.floor(found.value * 4) + 1 : found.value;
}

type Verdict = { readonly kind: "share" | "value"; readonly value: number };

/** The share of the highest score, or the value that a text stands for. */
function verdictOf(message: Message, settings: SuiteSettings, prefix: string): Verdict | undefined {
  const status = headerText(message, settings.get(`${prefix}status_header`));
  if (status === null) return undefined;
  const type = settings.get(`${prefix}status_type`) ?? "score";
  if (type === "text") {
    const value = [...Array(11).keys()].find((index) =>
      [settings.get(`${prefix}text_value/${index}`), settings.get(`${prefix}text_value${index}`)].includes(status),
    );
    return value === undefined ? undefined : { kind: "value", value };
  }
  const highest = settings.get(`${prefix}score_max_value`, `${prefix}max_value`);
  const max = Number.parseFloat(
    highest ?? headerText(message, settings.get(`${prefix}score_max_header`, `${prefix}max_header`)) ?? "",
  );
  const score = type === "strlen" ? status.trim().length : Number.parseFloat(status);
  if (!(max > 0) || Number.isNaN(score)) return undefined;
  return { kind: "share", value: Math.min(1, Math.max(0, score / max)) };
}

/** The value of a field, or the first group of an expression on it: "Header[:regex]". */
function headerText(message: Message, setting: string | undefined): string | null {
  if (setting === undefined) return null;
  const colon = setting.indexOf(":");
  const name = colon < 0 ? setting : setting.slice(0, colon);
  const pattern = colon < 0 ? "" : setting.slice(colon + 1).trim();
  for (const field of message.headers(name.trim().toLowerCase())) {
    const text = field.text();
    if (pattern === "") return text.trim();
    const found = patternOf(pattern)?.capture(text) ?? null;
    if (found !== null) return found;
  }
  return null;
}
