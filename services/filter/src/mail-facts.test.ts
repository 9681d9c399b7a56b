import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { delivery, fresh, loaded, world } from "../test/plain-world.ts";
import type { MailboxAsker } from "./needs.ts";
import { onMailReceived } from "./on-mail-received.ts";

const asker: Partial<MailboxAsker> = {
  mailboxesExist: async (_, names) => new Map(names.map((name) => [name, name === "Old"])),
  specialUse: async () => new Map([["\\archive", ["Archives"]]]),
  mailboxIds: async (_, ids) => new Map(ids.map((id) => [id, id === "F1" ? "Renamed" : null])),
  metadata: async (_, entries) => entries.map(({ mailbox, entry }) => (mailbox === null ? `server ${entry}` : "yes")),
};

const cases = [
  {
    name: "folders",
    script: 'require ["fileinto", "mailbox"]; if mailboxexists "Old" { fileinto "Old"; }',
    want: "Old",
  },
  {
    name: "special use",
    script: 'require ["fileinto", "special-use"]; fileinto :specialuse "\\\\Archive" "Archive";',
    want: "Archives",
  },
  {
    name: "a special use that no folder has",
    script: 'require ["fileinto", "special-use"]; fileinto :specialuse "\\\\Junk" "Junk";',
    want: "Junk",
  },
  {
    name: "mailbox ids",
    script: 'require ["fileinto", "mailboxid"]; fileinto :mailboxid "F1" "Gone";',
    want: "Renamed",
  },
  {
    name: "a mailbox id that there is none of",
    script: 'require ["fileinto", "mailboxid"]; fileinto :mailboxid "F2" "Named";',
    want: "Named",
  },
  {
    name: "annotations of folders",
    script: 'require ["fileinto", "mboxmetadata"]; if metadata "INBOX" "/private/x" "yes" { fileinto "M"; }',
    want: "M",
  },
  {
    name: "annotations of the server",
    script:
      'require ["fileinto", "servermetadata"]; if servermetadata "/shared/x" "server /shared/x" { fileinto "S"; }',
    want: "S",
  },
  {
    name: "lists, of which there are none",
    script: 'require ["fileinto", "extlists"]; if not valid_ext_list ":addrbook:default" { fileinto "L"; }',
    want: "L",
  },
  {
    name: "the envelope",
    script: 'require ["fileinto", "envelope"]; if envelope "from" "bob@example.net" { fileinto "E"; }',
    want: "E",
  },
];

describe("what scripts ask about a mail", () => {
  for (const { name, script, want } of cases) {
    it(name, async () => {
      const { deps, destination, decided } = world({ script: loaded(script), asker });
      await onMailReceived(delivery([{ uid: 1, text: fresh("Subject: x") }]), deps);
      assert.deepEqual([destination(), decided().error], [want, undefined]);
    });
  }

  it("is asked once for all mails of a batch", async () => {
    let asked = 0;
    const counting: Partial<MailboxAsker> = {
      specialUse: async () => {
        asked++;
        return new Map();
      },
    };
    const script = loaded('require ["fileinto", "special-use"]; if specialuse_exists "\\\\Junk" { fileinto "J"; }');
    const { deps } = world({ script, asker: counting });
    await onMailReceived(delivery([1, 2, 3].map((uid) => ({ uid, text: fresh("Subject: x") }))), deps);
    assert.equal(asked, 1);
  });

  const unknown = [
    'require "vnd.dovecot.execute"; if execute "p" { discard; }',
    'require "vnd.dovecot.filter"; filter "p"; discard;',
    'require "processcalendar"; processcalendar; discard;',
  ];
  for (const script of unknown) {
    it(`keeps the mail where nobody can tell: ${script}`, async () => {
      const { deps, destination, decided } = world({ script: loaded(script) });
      await onMailReceived(delivery([{ uid: 1, text: fresh("Content-Type: text/calendar") }]), deps);
      assert.equal(destination(), "stay");
      assert.match(decided().error ?? "", /nobody here can tell yet|not available/);
    });
  }
});
