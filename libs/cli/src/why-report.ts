import type { AppliedMail } from "@tamis/contracts";
import { causeText, planText } from "./decision-log.ts";
import type { Chapter } from "./mail-story.ts";
import { leftOutText } from "./preview-report.ts";
import type { Say } from "./say.ts";
import { formatTime } from "./table.ts";
import { keyOf } from "./texts.ts";

type Decided = Extract<Chapter, { readonly kind: "decided" }>;

/** What was decided and done, for a person. */
export function storyText(chapters: readonly Chapter[], say: Say): string {
  return chapters.map((chapter) => chapterText(chapter, say)).join("\n");
}

function chapterText(chapter: Chapter, say: Say): string {
  switch (chapter.kind) {
    case "decided":
      return decidedText(chapter, say);
    case "applied": {
      const done = appliedText(chapter.mail, say);
      const result = chapter.isUndo ? say("why.taken-back", { what: done }) : done;
      return say("why.applied", { time: formatTime(chapter.at), result });
    }
    case "sent": {
      const { kind, state, code, status } = chapter.sending;
      const words = [state, code, status].filter((word) => word !== undefined).join(" ");
      return say("why.sent", { time: formatTime(chapter.at), kind, state: words });
    }
    case "copied":
      return say("why.applied", {
        time: formatTime(chapter.at),
        result: say(`why.copy-${chapter.copy.result}`, { folder: chapter.copy.mailbox }),
      });
    default:
      return chapter satisfies never;
  }
}

function decidedText({ at, script, mail, mode }: Decided, say: Say): string {
  const by = script === undefined ? say("why.no-script") : `"${script.name}"`;
  const cause = causeText(mail, say);
  const lines = [...(cause === null ? [] : [say("why.cause", { cause })]), ruleText(mail, say)];
  for (const { line, text, layer = "user" } of mail.trace)
    lines.push(
      `  ${layer === (mail.layer ?? "user") ? "" : `${say(`layer.${layer}`)}, `}${say("log.line", { line })}: ${text}`,
    );
  if (mail.spam !== undefined) lines.push(say("why.spam", { percent: Math.round(mail.spam * 100) }));
  if (mail.error !== undefined) lines.push(say("why.error", { error: mail.error }));
  for (const { kind, state, reason } of mail.sendings ?? [])
    lines.push(say("why.sending", { kind, state: reason === undefined ? state : `${state} (${reason})` }));
  const leftOut = Object.fromEntries((mail.notCarriedOut ?? []).map((action) => [action, 1]));
  lines.push(...leftOutText(leftOut, say));
  lines.push(say("why.plan", { plan: planText(mail.plan, say) }));
  if (mail.compared !== undefined) lines.push(say("why.preview"));
  else if (mode === "observe") lines.push(say("why.observed"));
  const head = say("why.decided", { time: formatTime(at), folder: mail.folder ?? "INBOX", script: by });
  return [head, ...lines.map((line) => `    ${line}`)].join("\n");
}

function ruleText({ rule, line = 0, layer = "user" }: Decided["mail"], say: Say): string {
  if (rule === undefined) return say("why.implicit");
  const whose = say(`layer.${layer}`);
  return rule === `line ${line}`
    ? say("why.line", { line, layer: whose })
    : say("why.rule", { rule, line, layer: whose });
}

function appliedText({ result, folder, reason, snoozedUntil, wokenFor }: AppliedMail, say: Say): string {
  if (snoozedUntil !== undefined) return say("why.snoozed", { folder, time: formatTime(snoozedUntil) });
  const key = keyOf("reason", reason ?? "");
  const what = say(`why.${result}`, { folder, reason: key === null ? (reason ?? "") : say(key) });
  return wokenFor === undefined ? what : say("why.woken", { time: formatTime(wokenFor), what });
}
