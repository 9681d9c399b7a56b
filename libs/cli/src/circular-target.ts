import type { Bus } from "@tamis/bus";
import type { Account } from "@tamis/kit";
import type { Command } from "commander";
import { withBus } from "./connect.ts";
import { CommandFailure, exitCode } from "./exit-code.ts";
import { isConfigured } from "./services.ts";
import { type ConfigOption, configPath, findAccount, readAccountSettings } from "./settings-file.ts";
import type { Surroundings } from "./surroundings.ts";
import type { TextKey } from "./texts.ts";

/** What every command about circulars is told. */
export interface CircularOptions extends ConfigOption {
  readonly account: string;
  readonly json?: true;
}

/** Adds a command about circulars, with the options that all of them have. */
export type Adds = (usage: string, about: TextKey, examples: readonly string[]) => Command;

/** Who asks, and whom. */
export interface Target {
  readonly bus: Bus;
  readonly account: Account;
  readonly io: Surroundings;
  /** Whether this installation has a service that knows what became of mails. */
  readonly hasReceipts: boolean;
}

/** Reads the settings, finds the account, connects. */
export function forAccount<T>(
  options: CircularOptions,
  io: Surroundings,
  use: (target: Target) => Promise<T>,
): Promise<T> {
  const settings = readAccountSettings(options, io);
  const account = findAccount(settings, options.account, io);
  const config = configPath(options, io);
  if (!isConfigured("outbox", config)) throw new CommandFailure(io.say("outbox.absent"));
  return withBus(settings, io, (bus) => use({ bus, account, io, hasReceipts: isConfigured("receipts", config) }));
}

/** The answer in JSON, or in lines. */
export function tell(
  options: CircularOptions,
  io: Surroundings,
  said: { readonly json: unknown; readonly lines: string },
): typeof exitCode.ok {
  io.out(options.json === true ? JSON.stringify(said.json, null, 2) : said.lines);
  return exitCode.ok;
}
