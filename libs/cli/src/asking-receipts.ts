import type { ReceiptsAnswer, ReceiptsAsk } from "@tamis/contracts";
import { askReceipts } from "./ask-receipts.ts";
import { withBus } from "./connect.ts";
import { CommandFailure } from "./exit-code.ts";
import { isConfigured } from "./services.ts";
import { type ConfigOption, configPath, findAccount, readAccountSettings } from "./settings-file.ts";
import type { Surroundings } from "./surroundings.ts";

export interface ReceiptsOptions extends ConfigOption {
  readonly account: string;
  readonly json?: true;
}

type Asked = Pick<ReceiptsAsk, "accountId" | "as" | "language">;
type Ask = (question: (asked: Asked) => ReceiptsAsk) => Promise<Exclude<ReceiptsAnswer, { kind: "refused" }>>;

/** Runs `work` with a way to ask about the account; a refusal is a {@link CommandFailure} with its words. */
export async function asking<T>(
  options: ReceiptsOptions,
  io: Surroundings,
  work: (ask: Ask) => Promise<T>,
): Promise<T> {
  const settings = readAccountSettings(options, io);
  const account = findAccount(settings, options.account, io);
  if (!isConfigured("receipts", configPath(options, io))) throw new CommandFailure(io.say("receipts.absent"));
  const asked: Asked = { accountId: account.id, as: "operator", language: io.locale };
  return withBus(settings, io, (bus) =>
    work(async (questionOf) => {
      const answer = await askReceipts(bus, questionOf(asked), io);
      if (answer.kind === "refused") throw new CommandFailure(answer.reason);
      return answer;
    }),
  );
}
