import type { Account } from "@tamis/kit";
import { type CheckDeps, type CheckedScript, checkScript, withoutFolders } from "./check-script.ts";
import type { Command } from "./protocol/command.ts";
import { listLine, literalOf, no, ok, type ResponseCode } from "./protocol/response.ts";
import type { ScriptTables } from "./script-tables.ts";
import { type TextName, tell } from "./texts.ts";

export interface OwnerDeps extends CheckDeps {
  readonly tables: ScriptTables;
  readonly maxScripts: number;
  readonly maxScriptOctets: number;
  /** Brings the copy that `filter` reads up to date; called after each commit, never throws, waits a moment at most. */
  readonly onChange: (accountId: string) => Promise<void>;
}

type OwnerCommand = Exclude<
  Command,
  { verb: "LOGOUT" | "CAPABILITY" | "NOOP" | "STARTTLS" | "AUTHENTICATE" | "UNAUTHENTICATE" }
>;

/** What an owner may do once signed in: the answer, complete. */
export async function carryOut(command: OwnerCommand, { id }: Account, deps: OwnerDeps): Promise<string> {
  const { tables } = deps;
  switch (command.verb) {
    case "LISTSCRIPTS": {
      const scripts = await tables.list(id);
      return scripts.map(({ name, active }) => listLine(name, active ? { atom: "ACTIVE" } : undefined)).join("") + ok();
    }
    case "GETSCRIPT": {
      const script = await tables.get(id, command.name);
      return script === null ? missing(deps) : `${literalOf(script.text)}\r\n${ok()}`;
    }
    case "HAVESPACE":
      return haveSpace(command, id, deps);
    case "CHECKSCRIPT":
      return toldOf(await checkScript({ name: "script", text: command.text }, id, deps));
    case "PUTSCRIPT":
      return putScript(command, id, deps);
    case "SETACTIVE":
      return setActive(command.name, id, deps);
    case "DELETESCRIPT": {
      const result = await tables.delete(id, command.name);
      if (result === "missing") return missing(deps);
      return result === "active" ? refuse("is-active", deps, "ACTIVE") : changed(id, deps);
    }
    case "RENAMESCRIPT": {
      const result = await tables.rename(id, command.from, command.to);
      if (result === "missing") return missing(deps);
      return result === "exists" ? refuse("name-taken", deps, "ALREADYEXISTS") : changed(id, deps);
    }
    default:
      return command satisfies never;
  }
}

async function haveSpace(
  { name, octets }: Extract<Command, { verb: "HAVESPACE" }>,
  id: string,
  deps: OwnerDeps,
): Promise<string> {
  if (octets > deps.maxScriptOctets) return refuse("script-too-big", deps, "QUOTA/MAXSIZE");
  const hasRoom = await deps.tables.hasRoom(id, name, { scripts: deps.maxScripts });
  return hasRoom ? ok() : refuse("too-many-scripts", deps, "QUOTA/MAXSCRIPTS");
}

async function putScript(
  { name, text }: Extract<Command, { verb: "PUTSCRIPT" }>,
  id: string,
  deps: OwnerDeps,
): Promise<string> {
  const checked = await checkScript({ name, text }, id, deps);
  if (checked.kind === "bad") return no(checked.errors);
  const result = await deps.tables.put(id, { name, text }, { scripts: deps.maxScripts });
  if (result.kind === "too-many") return refuse("too-many-scripts", deps, "QUOTA/MAXSCRIPTS");
  await deps.onChange(id);
  return toldOf(checked);
}

/** Stored by an earlier version, or when more was offered, it may not compile any more. */
async function setActive(name: string | null, id: string, deps: OwnerDeps): Promise<string> {
  if (name !== null) {
    const script = await deps.tables.get(id, name);
    if (script === null) return missing(deps);
    const checked = await checkScript(script, id, withoutFolders(deps));
    if (checked.kind === "bad") return no(checked.errors);
  }
  return (await deps.tables.activate(id, name)) === "missing" ? missing(deps) : changed(id, deps);
}

function toldOf(checked: CheckedScript): string {
  if (checked.kind === "bad") return no(checked.errors);
  return checked.warnings === "" ? ok() : ok(checked.warnings, "WARNINGS");
}

async function changed(id: string, deps: OwnerDeps): Promise<string> {
  await deps.onChange(id);
  return ok();
}

const missing = (deps: OwnerDeps): string => refuse("no-such-script", deps, "NONEXISTENT");
const refuse = (name: TextName, { language }: OwnerDeps, code: ResponseCode): string => no(tell(name, language), code);
