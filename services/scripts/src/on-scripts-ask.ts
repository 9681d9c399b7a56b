import { type ScriptsAnswer, type ScriptsAsk, scriptsAsk } from "@tamis/contracts";
import { checkScript, withoutFolders } from "./check-script.ts";
import type { OwnerDeps } from "./owner-commands.ts";
import { isScriptName } from "./protocol/script-name.ts";
import { type TextName, tell } from "./texts.ts";

type Refusal = Extract<ScriptsAnswer, { kind: "refused" }>["code"];

/** What an operator asks by `tamis scripts`: the same tables, the same checks, without a password. */
export async function onScriptsAsk(payload: unknown, deps: OwnerDeps): Promise<ScriptsAnswer> {
  const ask: ScriptsAsk = scriptsAsk.parse(payload);
  const { tables } = deps;
  const { accountId } = ask;
  switch (ask.op) {
    case "list": {
      const scripts = await tables.list(accountId);
      return {
        kind: "listed",
        scripts: scripts.map(({ name, octets, at, active }) => ({ name, bytes: octets, at, active })),
      };
    }
    case "get": {
      const found = await tables.get(accountId, ask.name);
      return {
        kind: "script",
        script: found === null ? null : { v: 1, name: found.name, text: found.text, at: found.at },
      };
    }
    case "put":
      return put(ask, deps);
    case "activate":
      if ((await tables.activate(accountId, ask.name)) === "missing") return refuse("missing", "no-such-script", deps);
      await deps.onChange(accountId);
      return { kind: "done", active: ask.name !== null };
    case "delete": {
      const result = await tables.delete(accountId, ask.name);
      if (result === "missing") return refuse("missing", "no-such-script", deps);
      if (result === "active") return refuse("active", "is-active", deps);
      await deps.onChange(accountId);
      return { kind: "done", active: false };
    }
    default:
      return ask satisfies never;
  }
}

async function put(
  { accountId, name, text }: Extract<ScriptsAsk, { op: "put" }>,
  deps: OwnerDeps,
): Promise<ScriptsAnswer> {
  if (!isScriptName(name)) return refuse("bad-name", "bad-name", deps);
  if (Buffer.byteLength(text) > deps.maxScriptOctets) return refuse("too-big", "script-too-big", deps);
  if (text.includes("\0")) return refuse("does-not-compile", "script-has-nul", deps);
  const checked = await checkScript({ name, text }, accountId, withoutFolders(deps));
  if (checked.kind === "bad") return { kind: "refused", code: "does-not-compile", reason: checked.errors };
  const result = await deps.tables.put(accountId, { name, text }, { scripts: deps.maxScripts });
  if (result.kind === "too-many") return refuse("too-many", "too-many-scripts", deps);
  await deps.onChange(accountId);
  return { kind: "done", active: result.active };
}

const refuse = (code: Refusal, name: TextName, { language }: OwnerDeps): ScriptsAnswer => ({
  kind: "refused",
  code,
  reason: tell(name, language),
});
