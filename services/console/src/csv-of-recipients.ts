import type { CircularAsk, ReportedRecipient, SendingState } from "@tamis/contracts";
import { type CsvSeparator, csvLine, type Language, tellIn } from "@tamis/kit";
import type { Behind } from "./console-context.ts";
import { granted } from "./refusal.ts";
import { sendingStates } from "./texts/state-texts.ts";

/** What `outbox` answers at most. */
const PAGE = 1000;

const HEADS: Readonly<Record<Language, readonly string[]>> = {
  en: ["number", "address", "name", "state", "since", "attempts", "message-id", "reply"],
  fr: ["numéro", "adresse", "nom", "état", "depuis", "essais", "message-id", "réponse"],
};

export interface Asked {
  readonly accountId: string;
  readonly id: string;
  readonly language: Language;
  readonly states?: readonly SendingState[] | undefined;
  /** A comma where none is named. */
  readonly separator?: CsvSeparator;
}

/** The recipients of a circular as CSV (RFC 4180), as long as it may be: a page of them is asked for when the one before is taken. */
export async function* csvOfRecipients(
  behind: Pick<Behind, "ask">,
  { states, separator = ",", ...asked }: Asked,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(csvLine(HEADS[asked.language], separator));
  let after: string | null | undefined;
  do {
    const question: CircularAsk = {
      op: "report",
      ...asked,
      limit: PAGE,
      ...(states === undefined ? {} : { states }),
      ...(after === undefined || after === null ? {} : { after }),
    };
    const { recipients, next }: { readonly recipients: readonly ReportedRecipient[]; readonly next: string | null } =
      granted(await behind.ask(question, "reported"));
    yield Buffer.from(recipients.map((one) => csvLine(cellsOf(one, asked.language), separator)).join(""));
    after = next;
  } while (after !== null);
}

function cellsOf(
  { id, address, name, state, changedAt, attempts, messageId, reply }: ReportedRecipient,
  language: Language,
) {
  const said = tellIn(language, sendingStates[state]);
  return [
    id,
    address,
    name ?? "",
    said,
    new Date(changedAt).toISOString(),
    String(attempts),
    messageId ?? "",
    reply ?? "",
  ];
}
