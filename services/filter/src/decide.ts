import {
  type BatchedMail,
  type BatchHead,
  formatMailId,
  KEEP,
  type Layer,
  type MailDecided,
  type Plan,
} from "@tamis/contracts";
import type { Message } from "@tamis/message";
import type { Limits } from "@tamis/sieve";
import { planOfEvent } from "./imap-event.ts";
import type { SendingSettings } from "./judge.ts";
import { type LayerScript, type Ruling, runLayers } from "./layers.ts";
import type { Lists } from "./lists.ts";
import { type AccountFacts, type FactSettings, MailFacts } from "./mail-facts.ts";
import { MailLists } from "./mail-lists.ts";
import { MailPrograms } from "./mail-programs.ts";
import type { MemorySession } from "./memory.ts";
import type { MailboxAsker } from "./needs.ts";
import { runPipes } from "./pipes.ts";
import { type Planned, planOf } from "./plan.ts";
import { type KeepOutput, withOutputs } from "./plan-outputs.ts";
import type { ProgramRunner } from "./program-runner.ts";
import { isStored } from "./quiet.ts";
import { isSealed } from "./sealed.ts";
import type { Submit } from "./sender.ts";
import { type Carried, carryOut } from "./sendings.ts";
import { spreadLists } from "./spread-lists.ts";
import { leftOutOf } from "./stored.ts";
import { type Language, type TextName, tell } from "./texts.ts";
import type { VerdictFacts } from "./verdict.ts";

type DecidedMail = MailDecided["mails"][number];

/** What was decided about one mail, and why. */
export interface Decided {
  readonly plan: Plan;
  readonly layer?: Layer;
  readonly rule?: string;
  readonly line?: number;
  readonly trace: DecidedMail["trace"];
  readonly sendings?: Carried["told"];
  readonly spam?: number;
  /** Of stored mail: actions that are left out. */
  readonly notCarriedOut?: readonly string[];
  /** For the owner: why the scripts did not decide, or what could not be done. */
  readonly error?: string;
  /** The memory holds something of this mail that is to be forgotten when its plan fails. */
  readonly marked: boolean;
}

/** What every decision needs to know of the installation. */
export interface DecideSettings extends FactSettings, SendingSettings {
  /** Addresses that the redirects of one mail may come to, where they go to lists. */
  readonly mostRecipients: number;
  /** In which owners are told of whom nothing else is said. */
  readonly language: Language;
  readonly limits: Partial<Limits>;
}

export interface DecideDeps {
  readonly asker: MailboxAsker;
  /** Null: this installation runs no programs. */
  readonly runner: ProgramRunner | null;
  readonly lists: Lists;
  readonly keepOutput: KeepOutput;
  readonly settings: DecideSettings;
  readonly verdictOf: (message: Message) => VerdictFacts;
  readonly onRefused: (fields: { readonly reason: string }) => void;
}

/** What the mails of one batch share. */
export interface BatchContext {
  readonly head: BatchHead;
  /** Folder that the mail is taken to be in; absent: the one it is in. */
  readonly arrival?: string;
  /** Why no script is run. */
  readonly unusable?: TextName;
  /** In the order in which they run. */
  readonly scripts: readonly LayerScript[];
  /** Epoch ms of the run. */
  readonly now: number;
  readonly account: AccountFacts;
  readonly memory: MemorySession;
  /** Null: this installation sends nothing. */
  readonly submit: Submit | null;
}

/** Units of text. A plan of ordinary names has a few hundred. */
const MAX_PLAN = 65_536;

const UNTOUCHED: Decided = { plan: KEEP, trace: [], marked: false };

/**
 * Decides one mail; what leaves because of it is durable elsewhere when this resolves. Throws `RetryLater` while a fact cannot be had or
 * something cannot be handed over; any failure of a script is a keep with an error.
 */
export async function decide(mail: BatchedMail, batch: BatchContext, deps: DecideDeps): Promise<Decided> {
  const language = batch.head.language ?? deps.settings.language;
  if (batch.unusable !== undefined) return { ...UNTOUCHED, error: tell(batch.unusable, language) };
  if (batch.scripts.length === 0) return UNTOUCHED;
  const { asker, runner, settings, verdictOf, onRefused } = deps;
  const programs = new MailPrograms({ head: batch.head, mail, runner });
  const lists = new MailLists(deps.lists, batch.head);
  const facts = new MailFacts(mail, { ...batch, asker, programs, lists, settings, verdictOf });
  const ruling = await runLayers(batch.scripts, facts, { language, limits: settings.limits });
  if (ruling.kind === "gone") return UNTOUCHED;
  const place = {
    folder: batch.arrival ?? batch.head.folder.name,
    flags: mail.meta.flags,
    isSealed: () => isSealed(facts.message),
  };
  const { address } = batch.head;
  const { actions, fates } = await spreadLists(ruling.actions, {
    lists,
    address,
    mostRecipients: settings.mostRecipients,
  });
  const wanted = planOf(actions, place, fates);
  if (weight(wanted.plan) > MAX_PLAN) {
    return { ...UNTOUCHED, error: tell("plan-too-large", language) };
  }
  const piped = await runPipes(actions, programs, facts);
  if (piped === "gone") return UNTOUCHED;
  // Where a program did not take the mail it stays, whatever is sent.
  const isDiscarded = planOf(actions, place, new Map([...fates, ...piped])).plan.destination.kind === "discard";
  const carried = await carryOut(actions, { ...batch, mail, facts, settings, onRefused, isDiscarded });
  if (carried === "gone") return UNTOUCHED;
  const planned = planOf(actions, place, new Map([...carried.fates, ...piped, ...fates]));
  const { accountId, folder } = batch.head;
  const mailId = formatMailId({ accountId, folderId: folder.id, uidValidity: folder.uidValidity, uid: mail.meta.uid });
  const inFolder = batch.head.purpose === "event" ? planOfEvent(planned.plan) : planned.plan;
  const plan = await withOutputs(inFolder, { mailId, outputs: facts.outputs, keep: deps.keepOutput });
  const leftOut = isStored(batch.head) ? leftOutOf(ruling.actions) : [];
  return {
    ...conclude({ ruling, planned: { ...planned, plan }, carried }, { facts, programs }, language),
    ...(leftOut.length === 0 ? {} : { notCarriedOut: leftOut }),
  };
}

interface Result {
  readonly ruling: Extract<Ruling, { kind: "ruled" }>;
  readonly planned: Planned;
  readonly carried: Carried;
}

interface Sources {
  readonly facts: MailFacts;
  readonly programs: MailPrograms;
}

function conclude({ ruling, planned, carried }: Result, { facts, programs }: Sources, language: Language): Decided {
  const { failure, trace } = ruling;
  const { plan, fault } = planned;
  const { failedFilter } = programs;
  const told = fault ?? (failedFilter === null ? null : ({ text: "filter-failed", action: failedFilter } as const));
  const error = failure?.text ?? (told === null ? undefined : tell(told.text, language, told.action));
  const { spam } = facts.verdict;
  return {
    plan,
    ...placeOf(failure ?? planned.decider),
    trace,
    ...(carried.told.length === 0 ? {} : { sendings: carried.told }),
    ...(spam === undefined ? {} : { spam }),
    ...(error === undefined ? {} : { error }),
    marked: carried.marked,
  };
}

/** The owner's layer is not named: it is the one that there always is. */
function placeOf(
  decider: { readonly layer: Layer; readonly rule?: string; readonly line?: number } | null,
): Pick<Decided, "layer" | "rule" | "line"> {
  if (decider === null) return {};
  const { layer, rule, line } = decider;
  return {
    ...(layer === "user" ? {} : { layer }),
    ...(rule === undefined ? {} : { rule }),
    ...(line === undefined ? {} : { line }),
  };
}

/** About how many units of JSON text a plan takes. */
function weight(plan: Plan): number {
  if (plan === KEEP) return 0;
  const targets = plan.destination.kind === "discard" ? plan.copies : [...plan.copies, plan.destination];
  let sum = 0;
  for (const target of targets) {
    sum += "mailbox" in target ? target.mailbox.length : 0;
    sum += target.edits === undefined ? 0 : JSON.stringify(target.edits).length;
    for (const flag of target.addFlags) sum += flag.length;
    for (const flag of target.removeFlags) sum += flag.length;
  }
  return sum;
}
