import { readMessage } from "@tamis/message";
import {
  type Action,
  actionText,
  type Facts,
  type Outcome,
  type Program,
  run,
  type TraceStep,
  translate,
} from "@tamis/sieve";
import type { Surroundings } from "./surroundings.ts";

/** What the outside is said to be like. */
export interface Trial {
  /** Epoch ms. */
  readonly now: number;
  readonly timeZone: string;
  /** "" is the null reverse-path; absent is unknown. */
  readonly envelopeFrom?: string;
  readonly envelopeTo?: string;
  readonly flags: readonly string[];
  /** The folders that exist; all others do not. */
  readonly mailboxes: readonly string[];
}

export type Done = Extract<Outcome, { kind: "done" }>;

/** Runs a program on a mail that is all there; every fact asked for is answered from the trial. */
export function tryScript(program: Program, raw: Uint8Array, trial: Trial): Done {
  const message = readMessage(raw);
  const mailboxExists = new Map(trial.mailboxes.map((name) => [name, true]));
  const facts: Facts = {
    now: trial.now,
    timeZone: trial.timeZone,
    envelope: {
      ...(trial.envelopeFrom === undefined ? {} : { from: trial.envelopeFrom }),
      ...(trial.envelopeTo === undefined ? {} : { to: trial.envelopeTo }),
    },
    mailboxExists,
    flags: trial.flags,
  };
  for (;;) {
    const outcome = run(program, message, facts);
    if (outcome.kind === "done") return outcome;
    const asked = mailboxExists.size;
    for (const need of outcome.needs)
      if (need.kind === "mailbox-exists" && !mailboxExists.has(need.name)) mailboxExists.set(need.name, false);
    // The mail is whole and every folder asked for is answered: nothing else can be missing.
    if (mailboxExists.size === asked) throw new Error(`the run asks again for ${JSON.stringify(outcome.needs)}`);
  }
}

/** The outcome for a person. */
export function trialText(outcome: Done, io: Surroundings): string {
  const { say } = io;
  const lines = [
    say("sieve.actions"),
    ...outcome.actions.map((action) => `  ${actionLine(action, io)}`),
    say("sieve.trace"),
  ];
  const steps = outcome.trace.flatMap((step) => stepLines(step, io));
  lines.push(...(steps.length === 0 ? [`  ${say("sieve.trace-none")}`] : steps));
  if (outcome.error !== undefined) {
    lines.push(
      `${say("sieve.failed", { message: translate(outcome.error, io.locale).message })} (${say("sieve.rule", { rule: outcome.error.rule, line: outcome.error.line })})`,
    );
  }
  return lines.join("\n");
}

function actionLine(action: Action, { say }: Surroundings): string {
  const origin =
    action.origin === null
      ? say("sieve.implicit")
      : say("sieve.rule", { rule: action.origin.rule, line: action.origin.line });
  return `${actionText(action)}  (${origin})`;
}

function stepLines(step: TraceStep, { say }: Surroundings): readonly string[] {
  if (step.kind === "stop") return [`  ${say("log.line", { line: step.line })}: stop`];
  if (step.kind === "action") {
    return [
      `  ${say("log.line", { line: step.line })}: ${step.action}${step.target === undefined ? "" : ` ${JSON.stringify(step.target)}`}`,
    ];
  }
  const head = `  ${say("sieve.rule", { rule: step.rule, line: step.line })}`;
  return [
    head,
    ...step.matches.map(
      (match) =>
        `    ${[match.test, match.field, quoted(match.key)].filter(Boolean).join(" ")}${match.value === undefined ? "" : `: ${match.value}`}`,
    ),
  ];
}

const quoted = (text: string | undefined): string => (text === undefined ? "" : JSON.stringify(text));
