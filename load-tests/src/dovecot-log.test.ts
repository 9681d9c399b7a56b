import assert from "node:assert/strict";
import { it } from "node:test";
import { firstLogins, loggedMails, parseLoggedMail } from "./dovecot-log.ts";

const log = `2026-11-22 10:40:15.457685 lmtp(a@load.test)<13315><R4a9GY/GAmsD:T2>: Info: save: box=INBOX, uid=2, msgid=<load-1@load.test>, size=289, flags=()
2026-11-22 10:40:15.461502 imap-login: Info: Login: user=<a@load.test>, method=PLAIN, secured
2026-11-22 10:40:15.475070 imap(a@load.test)<13324><ZnpKGttgusF/AAAB>: Info: copy from INBOX: box=Trip, 2026, uid=1, msgid=<load-1@load.test>, size=289, flags=()
2026-11-22 10:40:15.475208 imap(a@load.test)<13324><ZnpKGttgusF/AAAB>: Info: expunge: box=INBOX, uid=2, msgid=<load-1@load.test>, size=289, flags=()
2026-11-22 10:40:16.000000 imap-login: Info: Login: user=<a@load.test>, method=PLAIN, secured
`;

it("reads what was saved and copied, with microseconds", () => {
  const mails = loggedMails(log);
  assert.deepEqual(
    mails.map(({ kind, folder, messageId, user }) => [kind, folder, messageId, user]),
    [
      ["save", "INBOX", "<load-1@load.test>", "a@load.test"],
      ["copy", "Trip, 2026", "<load-1@load.test>", "a@load.test"],
    ],
  );
  const [saved, copied] = mails;
  assert.equal(((copied?.atMs ?? 0) - (saved?.atMs ?? 0)).toFixed(3), "17.385");
  assert.equal(saved?.atMs, new Date(2026, 10, 22, 10, 40, 15).getTime() + 457.685);
});

it("takes the first login", () => {
  const logins = firstLogins(log, new Set(["a@load.test"]));
  assert.deepEqual([...logins], [["a@load.test", new Date(2026, 10, 22, 10, 40, 15).getTime() + 461.502]]);
  assert.equal(parseLoggedMail("garbage"), undefined);
});
