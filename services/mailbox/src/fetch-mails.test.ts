import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fetchMails } from "./fetch-mails.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { ServerRefused } from "./imap/server-refused.ts";

const LONG = 100_000;

/** Gives mails 1 to 3, of which 2 is long, and then refuses, as servers do over a mail that they cannot read. */
function brokenAtFour(code: string): ImapSession {
  const refusal = new ServerRefused("UID FETCH", { status: "NO", code, codeText: "", text: "" });
  const give: ImapSession["fetch"] = async (set, section, onMail) => {
    const most = Number(/<0\.(\d+)>/.exec(section ?? "")?.[1]);
    for (const uid of [1, 2, 3]) {
      if (set !== "1:4" && set !== String(uid)) continue;
      const size = uid === 2 ? LONG : 100;
      onMail({ uid, size, internalDate: 0, flags: [], bytes: Buffer.alloc(Math.min(size, most)) });
    }
    if (set === "1:4") throw refusal;
  };
  const session: Pick<ImapSession, "fetch" | "fetchItems"> = {
    fetch: give,
    fetchItems: () => Promise.reject(refusal),
  };
  // Proof: nothing else is asked of it.
  return session as ImapSession;
}

async function given(code: string): Promise<readonly (readonly [number, number])[]> {
  const mails: (readonly [number, number])[] = [];
  const portion = { reads: "texts", inlineBytes: 256 * 1024 } as const;
  await assert.rejects(
    fetchMails(brokenAtFour(code), "1:4", portion, ({ uid, bytes }) => mails.push([uid, bytes.length])),
    ServerRefused,
  );
  return mails.sort(([one], [other]) => one - other);
}

describe("fetchMails, for rules on texts", () => {
  it("gives the long mails too that come before one that the server refuses", async () => {
    assert.deepEqual(await given(""), [
      [1, 100],
      [2, LONG],
      [3, 100],
    ]);
  });

  it("asks for no more where it is the server that cannot", async () => {
    assert.deepEqual(await given("UNAVAILABLE"), [
      [1, 100],
      [3, 100],
    ]);
  });
});
