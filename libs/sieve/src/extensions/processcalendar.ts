import { walk } from "@tamis/message";
import { actionCommand } from "../action-command.ts";
import type { ProcessCalendar } from "../actions.ts";
import type { Execute } from "../execute.ts";
import { type CheckContext, defineCommand, type Extension } from "../extension.ts";
import type { CalendarOutcome } from "../facts.ts";
import type { Preparation } from "../preparation.ts";
import type { Text } from "../program.ts";
import { FactsMissing, type RunState } from "../run-state.ts";
import { isAddress } from "./base-actions.ts";
import { bounded, checkVariableName } from "./variables.ts";

const calendarTypes: ReadonlySet<string> = new Set(["text/calendar", "application/ics", "application/calendar+json"]);

function hasCalendar(state: RunState): boolean {
  if (!state.message.complete) throw new FactsMissing([{ kind: "whole-message" }]);
  for (const entity of walk(state.message.root)) if (calendarTypes.has(entity.type)) return true;
  return false;
}

/** How facts call what came of an action: by all that it asks for. */
export function calendarKey({ origin: _origin, kind: _kind, ...asked }: ProcessCalendar): string {
  return JSON.stringify(asked);
}

/** RFC 9671 §4: what the script is told; a mail without a calendar object needs nobody to be asked. */
function outcomeOf(state: RunState, action: ProcessCalendar, present: boolean): CalendarOutcome {
  if (!present) return { outcome: "no_action", reason: "the mail has no calendar object" };
  const key = calendarKey(action);
  const known = state.facts.calendar?.get(key);
  if (known === undefined) throw new FactsMissing([{ kind: "calendar", key, action }]);
  return known;
}

interface Calendar {
  readonly addresses?: readonly Text[];
  readonly organizers?: Text;
  readonly outcome?: Text;
  readonly reason?: Text;
}

function check({ addresses, organizers, outcome, reason }: Calendar, context: CheckContext): void {
  context.use({ body: true, attachments: true });
  addresses?.forEach((address, index) => {
    if (typeof address !== "string" || isAddress(address)) return;
    context.report({ code: "bad-address", at: "addresses", index, parameters: { address } });
  });
  if (organizers !== undefined && !context.enabled("extlists")) {
    const parameters = { tag: "organizers", capability: "extlists" };
    context.report({ code: "tag-needs-require", at: "organizers", parameters });
  }
  for (const [at, name] of Object.entries({ outcome, reason })) {
    if (name === undefined) continue;
    if (!context.enabled("variables")) {
      context.report({ code: "tag-needs-require", at, parameters: { tag: at, capability: "variables" } });
    } else checkVariableName(name, at, context);
  }
}

/** Stores into a variable of the script, where one is named. */
function variable(preparation: Preparation, name: Text | undefined): ((state: RunState, value: string) => void) | null {
  if (typeof name !== "string") return null;
  const index = preparation.variable(name);
  return (state, value) => {
    state.variables[index] = bounded(value, state.limits.variableLength);
  };
}

const processcalendar = defineCommand({
  name: "processcalendar",
  shape: {
    tags: {
      allowpublic: "flag",
      addresses: "strings",
      updatesonly: "flag",
      calendarid: "string",
      deletecanceled: "flag",
      organizers: "string",
      outcome: "string!",
      reason: "string!",
    },
    exclusive: [["updatesonly", "calendarid"]],
  },
  check,
  prepare(args, origin, preparation): Execute {
    const addresses = preparation.texts(args.addresses ?? []);
    const calendarId = args.calendarid === undefined ? null : preparation.text(args.calendarid);
    const organizers = args.organizers === undefined ? null : preparation.text(args.organizers);
    const make = (state: RunState): ProcessCalendar => ({
      kind: "processcalendar",
      allowPublic: args.allowpublic === true,
      addresses: addresses(state),
      updatesOnly: args.updatesonly === true,
      calendarId: calendarId?.(state) ?? null,
      deleteCanceled: args.deletecanceled === true,
      organizers: organizers?.(state) ?? null,
      origin,
    });
    const add = actionCommand(preparation, { name: "processcalendar", args, origin, make });
    const setOutcome = variable(preparation, args.outcome);
    const setReason = variable(preparation, args.reason);
    return (state) => {
      const present = hasCalendar(state);
      if (setOutcome !== null || setReason !== null) {
        const { outcome, reason } = outcomeOf(state, make(state), present);
        setOutcome?.(state, outcome);
        setReason?.(state, reason);
      }
      return present ? add(state) : "next";
    };
  },
});

/** Takes what the mail says of events into the calendar (RFC 9671). */
export const processcalendarExtension: Extension = {
  name: "processcalendar",
  rfc: "RFC 9671",
  state: "partial",
  needs: ["calendar"],
  commands: [processcalendar],
};
