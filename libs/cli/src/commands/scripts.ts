import type { Bus } from "@tamis/bus";
import { buckets } from "@tamis/contracts";
import { type Command, Option } from "commander";
import { askedScriptStore, scriptsServiceAnswers } from "../asked-script-store.ts";
import { type CheckedScript, type CheckForAccount, checkForAccount } from "../check-script.ts";
import { accountOption, type CommandLine, configOption, jsonOption } from "../command-line.ts";
import { withBus } from "../connect.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { readScript } from "../script-file.ts";
import { isScriptName, type ScriptStore, scriptStore } from "../script-store.ts";
import { isConfigured } from "../services.ts";
import { type ConfigOption, configPath, findAccount, readAccountSettings } from "../settings-file.ts";
import type { Surroundings } from "../surroundings.ts";
import { formatBytes, formatTable, formatTime } from "../table.ts";
import type { TextKey } from "../texts.ts";

interface ScriptsOptions extends ConfigOption {
  readonly account: string;
  readonly json?: true;
}

export function addScripts(root: Command, line: CommandLine): void {
  const { io } = line;
  const scripts = line.add(root, "scripts", "scripts.about");
  const add = (usage: string, about: TextKey, example: string): Command =>
    line
      .add(scripts, usage, about, [example])
      .addOption(accountOption(io))
      .addOption(jsonOption(io))
      .addOption(configOption(io));
  const name = io.say("scripts.name");

  add("list", "scripts.list.about", "tamis scripts list --account anna@example.org").action(
    line.act((options: ScriptsOptions) => list(options, io)),
  );
  add("get", "scripts.get.about", "tamis scripts get main --account anna@example.org > main.sieve")
    .argument("<name>", name)
    .action(line.act((script: string, options: ScriptsOptions) => get(script, options, io)));
  add("put", "scripts.put.about", "tamis scripts put main rules.sieve --account anna@example.org --activate")
    .argument("<name>", name)
    .argument("<file>", io.say("file.script"))
    .addOption(new Option("--activate", io.say("scripts.put.activate")))
    .action(
      line.act((script: string, file: string, options: ScriptsOptions & { readonly activate?: true }) =>
        put({ name: script, file }, options, io),
      ),
    );
  add("check", "scripts.check.about", "tamis scripts check --account anna@example.org")
    .argument("[name]", name)
    .action(line.act((script: string | undefined, options: ScriptsOptions) => check(script, options, io)));
  add("activate", "scripts.activate.about", "tamis scripts activate holidays --account anna@example.org")
    .argument("[name]", name)
    .addOption(new Option("--none", io.say("scripts.activate.none")))
    .action(
      line.act((script: string | undefined, options: ScriptsOptions & { readonly none?: true }) =>
        activate(script, options, io),
      ),
    );
  add("delete", "scripts.delete.about", "tamis scripts delete old --account anna@example.org")
    .argument("<name>", name)
    .action(line.act((script: string, options: ScriptsOptions) => remove(script, options, io)));
}

async function withStore<T>(
  options: ScriptsOptions,
  io: Surroundings,
  use: (store: ScriptStore) => Promise<T>,
): Promise<T> {
  const settings = readAccountSettings(options, io);
  const account = findAccount(settings, options.account, io);
  return withBus(settings, io, async (bus: Bus) => use(await openStore(bus, account.id, { options, io })));
}

/** With the check of a script as it will run for the account. */
async function withCheck<T>(
  options: ScriptsOptions,
  io: Surroundings,
  use: (store: ScriptStore, check: CheckForAccount) => Promise<T>,
): Promise<T> {
  const settings = readAccountSettings(options, io);
  const account = findAccount(settings, options.account, io);
  return withBus(settings, io, async (bus: Bus) =>
    use(await openStore(bus, account.id, { options, io }), await checkForAccount(bus, { account, settings }, io)),
  );
}

/** The service's tables where it runs. Where it should run and does not, KV is not written behind its back. */
async function openStore(
  bus: Bus,
  accountId: string,
  { options, io }: { readonly options: ScriptsOptions; readonly io: Surroundings },
): Promise<ScriptStore> {
  if (await scriptsServiceAnswers(bus, accountId)) return askedScriptStore(bus, accountId, io);
  if (isConfigured("scripts", configPath(options, io)))
    throw new CommandFailure(io.say("scripts.unanswered"), exitCode.unreachable);
  return scriptStore(await bus.bucket(buckets.scripts), accountId, Date.now);
}

async function list(options: ScriptsOptions, io: Surroundings): Promise<ExitCode> {
  const scripts = await withStore(options, io, (store) => store.list());
  if (options.json === true) io.out(JSON.stringify(scripts, null, 2));
  else if (scripts.length === 0) io.out(io.say("scripts.none"));
  else {
    io.out(
      formatTable(
        scripts.map(({ name, bytes, at, active }) => [
          name,
          formatBytes(bytes),
          formatTime(at),
          active ? io.say("scripts.active-mark") : "",
        ]),
      ),
    );
    if (!scripts.some((script) => script.active)) io.err(io.say("scripts.none-active"));
  }
  return exitCode.ok;
}

async function get(name: string, options: ScriptsOptions, io: Surroundings): Promise<ExitCode> {
  const stored = await withStore(options, io, (store) => store.get(name));
  if (stored === null) throw new CommandFailure(io.say("scripts.missing", { name }));
  io.out(options.json === true ? JSON.stringify(stored) : stored.text.replace(/\r?\n$/, ""));
  return exitCode.ok;
}

async function put(
  { name, file }: { readonly name: string; readonly file: string },
  options: ScriptsOptions & { readonly activate?: true },
  io: Surroundings,
): Promise<ExitCode> {
  if (!isScriptName(name)) throw new CommandFailure(io.say("usage.script-name"), exitCode.usage);
  const text = await readScript(file, io);
  return withCheck(options, io, async (store, checkOf) => {
    const checked = await checkOf(text, file, name);
    if (!checked.compiled.ok) return refuse(checked, { options, reason: "scripts.refused" }, io);
    const stored = await store.put(name, text);
    const active = (options.activate === true && (await store.activate(name))) || stored.active;
    for (const warning of checked.rendered) io.err(warning);
    if (options.json === true) io.out(JSON.stringify({ name, active, diagnostics: checked.reported }));
    else io.out(io.say(active ? "scripts.stored-active" : "scripts.stored", { name }));
    return exitCode.ok;
  });
}

function refuse(
  checked: CheckedScript,
  { options, reason }: { readonly options: ScriptsOptions; readonly reason: TextKey },
  io: Surroundings,
): ExitCode {
  if (options.json === true) io.out(JSON.stringify({ diagnostics: checked.reported }));
  else for (const text of checked.rendered) io.err(text);
  io.err(`tamis: ${io.say(reason)}`);
  return exitCode.failed;
}

async function check(name: string | undefined, options: ScriptsOptions, io: Surroundings): Promise<ExitCode> {
  const checks = await withCheck(options, io, async (store, checkOf) => {
    const names = name === undefined ? (await store.list()).map((script) => script.name) : [name];
    return Promise.all(
      names.map(async (one) => {
        const stored = await store.get(one);
        if (stored === null) throw new CommandFailure(io.say("scripts.missing", { name: one }));
        return { name: one, ...(await checkOf(stored.text, one, one)) };
      }),
    );
  });
  if (options.json === true)
    io.out(
      JSON.stringify(
        checks.map(({ name: script, errors, reported }) => ({ name: script, errors, diagnostics: reported })),
        null,
        2,
      ),
    );
  else {
    if (checks.length === 0) io.out(io.say("scripts.none"));
    for (const one of checks)
      io.out(
        one.errors === 0
          ? [...one.rendered, io.say("scripts.good", { name: one.name })].join("\n")
          : one.rendered.join("\n"),
      );
  }
  return checks.some((one) => one.errors > 0) ? exitCode.failed : exitCode.ok;
}

async function activate(
  name: string | undefined,
  options: ScriptsOptions & { readonly none?: true },
  io: Surroundings,
): Promise<ExitCode> {
  if ((name === undefined) !== (options.none === true))
    throw new CommandFailure(io.say("usage.name-or-none"), exitCode.usage);
  return withCheck(options, io, async (store, checkOf) => {
    if (name === undefined) {
      await store.deactivate();
      return told({ active: null }, io.say("scripts.deactivated"), { options, io });
    }
    const stored = await store.get(name);
    if (stored === null) throw new CommandFailure(io.say("scripts.missing", { name }));
    // Stored by an older version, or when more was offered, it may not compile any more.
    const checked = await checkOf(stored.text, name, name);
    if (!checked.compiled.ok) return refuse(checked, { options, reason: "scripts.not-activated" }, io);
    await store.activate(name);
    return told({ active: name }, io.say("scripts.activated", { name }), { options, io });
  });
}

async function remove(name: string, options: ScriptsOptions, io: Surroundings): Promise<ExitCode> {
  const result = await withStore(options, io, (store) => store.delete(name));
  if (result === "active") throw new CommandFailure(io.say("scripts.is-active", { name }));
  if (result === "missing") throw new CommandFailure(io.say("scripts.missing", { name }));
  return told({ deleted: name }, io.say("scripts.deleted", { name }), { options, io });
}

function told(
  value: unknown,
  text: string,
  { options, io }: { readonly options: ScriptsOptions; readonly io: Surroundings },
): ExitCode {
  io.out(options.json === true ? JSON.stringify(value) : text);
  return exitCode.ok;
}
