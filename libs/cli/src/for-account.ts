import type { Command } from "commander";
import type { CircularTarget } from "./ask-circulars.ts";
import { withBus } from "./connect.ts";
import { CommandFailure } from "./exit-code.ts";
import { isConfigured } from "./services.ts";
import { type ConfigOption, configPath, findAccount, readAccountSettings } from "./settings-file.ts";
import type { Surroundings } from "./surroundings.ts";
import type { TextKey } from "./texts.ts";

/** Options of each command on circulars of an account. */
export interface CircularOptions extends ConfigOption {
  readonly account: string;
  readonly json?: true;
}

/** Adds such a command by its usage, what it is about, and examples. */
export type Adds = (usage: string, about: TextKey, examples: readonly string[]) => Command;

/** Reads the settings, finds the account, connects. */
export function forAccount<T>(
  options: CircularOptions,
  io: Surroundings,
  use: (target: CircularTarget) => Promise<T>,
): Promise<T> {
  const settings = readAccountSettings(options, io);
  const account = findAccount(settings, options.account, io);
  if (!isConfigured("outbox", configPath(options, io))) throw new CommandFailure(io.say("outbox.absent"));
  return withBus(settings, io, (bus) => use({ bus, account, io }));
}
