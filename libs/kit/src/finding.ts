import { fill, type Text, type TextParameters } from "./text.ts";

/** One line of a doctor's report. */
export interface Finding {
  /** What was looked at: `nats`, `imap.capabilities` … */
  readonly id: string;
  readonly ok: boolean;
  readonly text: Text;
  /** What to do; only where `ok` is false. */
  readonly mend?: Text;
}

/** What a doctor may find; what has a mend is a fault. */
export interface Remark extends Text {
  readonly mend?: Text;
}

/** The finding that a remark makes with its parameters, which its mend may name too. */
export function findingOf(id: string, remark: Remark, parameters?: TextParameters): Finding {
  const text = fill(remark, parameters);
  if (remark.mend === undefined) return { id, ok: true, text };
  return { id, ok: false, text, mend: fill(remark.mend, parameters) };
}
