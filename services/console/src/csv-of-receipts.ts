import type { ReceiptsAsk } from "@tamis/contracts";
import { askReceipts } from "./ask-receipts.ts";
import type { Behind } from "./console-context.ts";

type CsvAsk = Omit<Extract<ReceiptsAsk, { readonly op: "csv" }>, "op" | "after">;

/** What is known of recipients as CSV, as long as it may be. A `Problem` at once where it may not be seen: no answer has begun by then. */
export async function csvOfReceipts(behind: Behind, asked: CsvAsk): Promise<AsyncIterable<Uint8Array>> {
  const question = { op: "csv", ...asked } as const;
  return pagesAfter(behind, question, await askReceipts(behind, question, "csv"));
}

interface CsvPage {
  readonly text: string;
  readonly next: string | null;
}

async function* pagesAfter(
  behind: Behind,
  question: CsvAsk & { readonly op: "csv" },
  first: CsvPage,
): AsyncGenerator<Uint8Array> {
  let page = first;
  yield Buffer.from(page.text);
  while (page.next !== null) {
    page = await askReceipts(behind, { ...question, after: page.next }, "csv");
    yield Buffer.from(page.text);
  }
}
