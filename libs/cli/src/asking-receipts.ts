import { type ReceiptsAnswer, type ReceiptsAsk, receiptsAnswer, subjects } from "@tamis/contracts";
import { askInstance } from "./ask-instance.ts";
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
  const texts = { failed: "receipts.failed", unanswered: "receipts.unanswered" } as const;
  return withBus(settings, io, (bus) =>
    work(async (questionOf) => {
      const question = { subject: subjects.receiptsAsk, question: questionOf(asked), texts };
      const answer = receiptsAnswer.parse(await askInstance(bus, question, io));
      if (answer.kind === "refused") throw new CommandFailure(answer.reason);
      return answer;
    }),
  );
}
