import type { Layer, MailDecided } from "@tamis/contracts";
import type { Message } from "@tamis/message";
import { type Action, applyEdits, type Limits, type MessageEdit, type Program, run, translate } from "@tamis/sieve";
import type { MailFacts } from "./mail-facts.ts";
import { type Language, type TextName, tell } from "./texts.ts";
import { traceSteps } from "./trace.ts";

/** One script of the chain; `program` is null where it cannot be run. */
export interface LayerScript {
  readonly layer: Layer;
  readonly program: Program | null;
  /** Why not, told to the owner. */
  readonly fault?: Fault;
}

/** What a script decided, and whose it is. */
export interface RuledAction {
  readonly layer: Layer;
  readonly action: Action;
}

/** What the chain of scripts came to for one mail. */
export type Ruling =
  /** Its owner took it away meanwhile: whatever is decided now, `mailbox` will find it gone. */
  | { readonly kind: "gone" }
  | {
      readonly kind: "ruled";
      /** Without implicit keeps, but for a last one that stands. */
      readonly actions: readonly RuledAction[];
      readonly trace: MailDecided["mails"][number]["trace"];
      readonly failure: Failure | null;
    };

/** Why a script did not decide; told to the owner. */
export interface Failure {
  readonly layer: Layer;
  readonly rule?: string;
  readonly line?: number;
  readonly text: string;
}

/** What is wrong with a script, in no language yet. */
export type Fault = Parameters<typeof translate>[0];

export interface LayerSettings {
  readonly language: Language;
  readonly limits: Partial<Limits>;
}

/** A script that asks for new folders in each run is stopped: two or three rounds are ordinary. */
const MAX_ROUNDS = 8;

/**
 * Runs the organisation's scripts before the owner's, the owner's, and the organisation's after it: each only while the implicit keep
 * stands. A `keep` that is written down settles the mail as any other action does: so an owner keeps what a later script would file.
 * Flags that a script set, and its changes to the mail, go on to the next one. A script that fails ends the chain: what those
 * before it decided stands, and the mail is kept (RFC 5228 §2.10.6).
 */
export async function runLayers(
  scripts: readonly LayerScript[],
  facts: MailFacts,
  settings: LayerSettings,
): Promise<Ruling> {
  const chain = new Chain(facts, settings);
  for (const script of scripts) {
    const end = await chain.run(script);
    if (end === "gone") return { kind: "gone" };
    if (end === "settled") break;
  }
  return chain.ruling();
}

type LayerEnd = "keeps" | "settled" | "gone";
type ImplicitKeep = Extract<Action, { kind: "keep" }>;

const UNTOUCHED: ImplicitKeep = { kind: "keep", implicit: true, origin: null };

class Chain {
  readonly #facts: MailFacts;
  readonly #settings: LayerSettings;
  readonly #actions: RuledAction[] = [];
  readonly #trace: MailDecided["mails"][number]["trace"][number][] = [];
  /** Null once something cancelled it. */
  #keep: { readonly layer: Layer; readonly action: ImplicitKeep } | null = { layer: "user", action: UNTOUCHED };
  #edits: readonly MessageEdit[] = [];
  #failure: Failure | null = null;

  constructor(facts: MailFacts, settings: LayerSettings) {
    this.#facts = facts;
    this.#settings = settings;
  }

  async run({ layer, program, fault }: LayerScript): Promise<LayerEnd> {
    if (program === null) return this.#fail(layer, "does-not-compile", fault);
    if (this.#edits.length > 0) this.#facts.beginScript();
    const flags = this.#keep?.action.flags;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const outcome = run(program, this.#view(), this.#facts.of(program, flags), this.#settings.limits);
      if (outcome.kind === "done") return this.#take(layer, outcome);
      const answer = await this.#facts.fetch(outcome.needs);
      if (answer === "gone") return "gone";
      if (answer !== "fetched") return this.#fail(layer, answer);
    }
    return this.#fail(layer, "too-many-questions");
  }

  ruling(): Ruling {
    const last = this.#keep === null ? [] : [this.#keep];
    return { kind: "ruled", actions: [...this.#actions, ...last], trace: this.#trace, failure: this.#failure };
  }

  /** The mail as the scripts before left it. */
  #view(): Message {
    return this.#edits.length === 0
      ? this.#facts.message
      : applyEdits(this.#facts.message, this.#edits, this.#facts.outputs);
  }

  #take(layer: Layer, { actions, trace, error }: Extract<ReturnType<typeof run>, { kind: "done" }>): LayerEnd {
    this.#trace.push(...traceSteps(trace, layer));
    if (error !== undefined) {
      const { rule, line } = error;
      const place = line > 0 ? { rule, line } : {};
      this.#failure = { layer, ...place, text: translate(error, this.#settings.language).message };
      return "settled";
    }
    const flags = this.#keep?.action.flags;
    this.#keep = null;
    for (const one of actions) {
      const action = carrying(one, { flags, edits: this.#edits });
      if (action.kind === "keep" && action.implicit) this.#keep = { layer, action };
      else this.#actions.push({ layer, action });
    }
    this.#edits = this.#keep === null ? this.#edits : (this.#keep.action.edits ?? []);
    return this.#keep === null ? "settled" : "keeps";
  }

  /** `because` is told after it, where there is more to say. */
  #fail(layer: Layer, text: TextName, because?: Fault): LayerEnd {
    const { language } = this.#settings;
    const said = tell(text, language);
    this.#failure = {
      layer,
      text: because === undefined ? said : `${said} (${translate(because, language).message})`,
    };
    return "settled";
  }
}

/** An action with what the scripts before did: the flags they gave the mail, their changes to it first. */
function carrying(
  action: Action,
  before: { readonly flags: readonly string[] | undefined; readonly edits: readonly MessageEdit[] },
): Action {
  switch (action.kind) {
    case "keep":
    case "fileinto":
      return withEdits(
        action.flags === undefined && before.flags !== undefined ? { ...action, flags: before.flags } : action,
        before.edits,
      );
    case "redirect": {
      // RFC 5703 §6: a redirected mail is never enclosed; what is changed after that is changed in the enclosing one.
      const edited = withEdits(action, before.edits);
      const enclosing = edited.edits?.findIndex(({ kind }) => kind === "enclose") ?? -1;
      return enclosing < 0 ? edited : { ...edited, edits: edited.edits?.slice(0, enclosing) ?? [] };
    }
    case "pipe":
      return withEdits(action, before.edits);
    default:
      return action;
  }
}

function withEdits<T extends { readonly edits?: readonly MessageEdit[] }>(
  action: T,
  before: readonly MessageEdit[],
): T {
  return before.length === 0 ? action : { ...action, edits: [...before, ...(action.edits ?? [])] };
}
