import type { MailDecided } from "@tamis/contracts";
import type { TestMatch, TraceStep } from "@tamis/sieve";

type FactStep = MailDecided["mails"][number]["trace"][number];

const MAX_STEPS = 24;
const MAX_TEXT = 200;

/** The trace of a run as facts carry it: one line of text per match and action, bounded in number and length. */
export function compactTrace(trace: readonly TraceStep[]): readonly FactStep[] {
  const steps: FactStep[] = [];
  for (const step of trace) {
    if (steps.length >= MAX_STEPS) break;
    if (step.kind === "branch") {
      for (const match of step.matches)
        if (steps.length < MAX_STEPS) steps.push({ line: match.line, text: matchText(match) });
    } else if (step.kind === "action") {
      steps.push({
        line: step.line,
        text: cut(step.target === undefined ? step.action : `${step.action} "${step.target}"`),
      });
    } else {
      steps.push({ line: step.line, text: "stop" });
    }
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
