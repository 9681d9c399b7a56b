import type { Answer, Incoming } from "@tamis/bus";
import { FETCH_CHUNK_BYTES, fetchRequest, headerNames, parseMailId } from "@tamis/contracts";
import type { AccountWorker } from "./account-worker.ts";
import type { FetchedMail } from "./imap/fetched-mail.ts";

const EMPTY = new Uint8Array();

/** Answers a part of a mail that was cut in `mail.received`: at most 256 KiB from `offset`. `gone`: no such mail there any more; `busy`: ask again. */
export async function onMailboxFetch(
  request: Incoming,
  workerOf: (accountId: string) => AccountWorker | undefined,
): Promise<Answer> {
  const parsed = fetchRequest.safeParse(JSON.parse(Buffer.from(request.payload).toString("utf8")));
  const key = parsed.success ? parseMailId(parsed.data.mailId) : null;
  if (!parsed.success || key === null) return withStatus("gone");
  const worker = workerOf(key.accountId);
  if (worker === undefined) return withStatus("busy");
  let reply = withStatus("busy");
  await worker.ask(async ({ session }) => {
    worker.memory.store.assertLease();
    if (session.selected?.uidValidity !== key.uidValidity) reply = withStatus("gone");
    else {
      const found: FetchedMail[] = [];
      await session.know(key.uid);
      await session.fetch(String(key.uid), `[]<${parsed.data.offset}.${FETCH_CHUNK_BYTES}>`, (mail) =>
        found.push(mail),
      );
      const [mail] = found;
      reply = mail === undefined ? withStatus("gone") : withStatus("ok", mail.bytes, mail.size);
    }
    return { kind: "done", mails: 1 };
  });
  return reply;
}

function withStatus(status: "ok" | "gone" | "busy", payload: Uint8Array = EMPTY, total = 0): Answer {
  return { payload, headers: { [headerNames.status]: status, [headerNames.total]: String(total) } };
}
