import type { Layer, MailDecided } from "@tamis/contracts";
import type { TestMatch, TraceStep } from "@tamis/sieve";

type FactStep = MailDecided["mails"][number]["trace"][number];

const MAX_STEPS = 24;
const MAX_TEXT = 200;

/** The trace of one script's run as facts carry it: one line of text per match and action, bounded in number and length. */
export function traceSteps(trace: readonly TraceStep[], layer: Layer): readonly FactStep[] {
  const steps: FactStep[] = [];
  const add = (line: number, text: string): void => {
    if (steps.length < MAX_STEPS) steps.push({ ...(layer === "user" ? {} : { layer }), line, text });
  };
  for (const step of trace) {
    if (steps.length >= MAX_STEPS) break;
    if (step.kind === "branch") for (const match of step.matches) add(match.line, matchText(match));
    else if (step.kind === "stop") add(step.line, "stop");
    else add(step.line, cut(step.target === undefined ? step.action : `${step.action} "${step.target}"`));
  }
  return steps;
}

function matchText(match: TestMatch): string {
  let text = match.test;
  if (match.field !== undefined) text += ` ${match.field}`;
  if (match.key !== undefined) text += ` "${match.key}"`;
  if (match.value !== undefined && match.value !== match.key) text += `: ${match.value}`;
  return cut(text);
}

function cut(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`;
}
