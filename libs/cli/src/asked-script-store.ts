import { type Bus, RetryLater } from "@tamis/bus";
import { type ScriptsAnswer, type ScriptsAsk, scriptsAnswer, subjects } from "@tamis/contracts";
import { CommandFailure, exitCode } from "./exit-code.ts";
import { parseJson } from "./json.ts";
import type { ScriptStore } from "./script-store.ts";
import type { Surroundings } from "./surroundings.ts";

const TIMEOUT_MS = 10_000;

/** Each kind of ask without its account. */
type Ask<T = ScriptsAsk> = T extends ScriptsAsk ? Omit<T, "accountId"> : never;

/** The scripts of one account in the tables of the service `scripts`: where it runs they are the truth, and KV a copy. */
export function askedScriptStore(bus: Bus, accountId: string, io: Surroundings): ScriptStore {
  const ask = async (asked: Ask): Promise<ScriptsAnswer> => {
    const payload = Buffer.from(JSON.stringify({ ...asked, accountId }));
    const reply = await bus.request(subjects.scriptsAsk, payload, { timeoutMs: TIMEOUT_MS });
    return scriptsAnswer.parse(parseJson(reply.payload));
  };
  /** What the service refuses for a reason of its own; its words are for people. */
  const done = (answer: ScriptsAnswer): { readonly active: boolean } => {
    if (answer.kind === "done") return answer;
    throw new CommandFailure(answer.kind === "refused" ? answer.reason : io.say("scripts.unanswered"), exitCode.failed);
  };
  const is = (answer: ScriptsAnswer, code: string): boolean => answer.kind === "refused" && answer.code === code;
  return {
    async list() {
      const answer = await ask({ op: "list" });
      return answer.kind === "listed" ? answer.scripts : [];
    },
    async get(name) {
      const answer = await ask({ op: "get", name });
      return answer.kind === "script" ? answer.script : null;
    },
    put: async (name, text) => done(await ask({ op: "put", name, text })),
    async activate(name) {
      const answer = await ask({ op: "activate", name });
      return !is(answer, "missing") && done(answer).active;
    },
    async deactivate() {
      done(await ask({ op: "activate", name: null }));
    },
    async delete(name) {
      const answer = await ask({ op: "delete", name });
      if (is(answer, "missing")) return "missing";
      if (is(answer, "active")) return "active";
      done(answer);
      return "deleted";
    },
  };
}

/** Whether the service `scripts` answers; `false` where it does not run. */
export async function scriptsServiceAnswers(bus: Bus, accountId: string): Promise<boolean> {
  try {
    const payload = Buffer.from(JSON.stringify({ op: "list", accountId } satisfies ScriptsAsk));
    await bus.request(subjects.scriptsAsk, payload, { timeoutMs: TIMEOUT_MS });
    return true;
  } catch (error) {
    if (error instanceof RetryLater && error.code === "unreachable") return false;
    throw error;
  }
}
