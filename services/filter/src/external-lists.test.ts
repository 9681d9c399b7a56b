import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { decodeMailBatch } from "@tamis/contracts";
import { delivery, destinationOf, fakeOutbox, fresh, loaded, type WorldOptions, world } from "../test/plain-world.ts";
import { listEntries } from "./list-entries.ts";
import type { Lists } from "./lists.ts";
import { onMailReceived } from "./on-mail-received.ts";

const TEAM = "tag:example.org,2026:team";
const head = 'require ["extlists", "fileinto", "copy", "envelope", "variables", "subaddress"];\n';

/** Lists by name; `null`: one that is unusable. */
function listsOf(texts: Readonly<Record<string, string | null>>): Lists {
  return {
    names: Object.keys(texts),
    async of(name) {
      const text = texts[name];
      if (text === undefined) return null;
      return text === null ? { kind: "unusable" } : { kind: "entries", entries: listEntries(Buffer.from(text)) };
    },
  };
}

const away: Lists = { names: [TEAM], of: () => Promise.reject(new RetryLater("away", { code: "list-unreadable" })) };

async function decided(script: string, options: Partial<WorldOptions> = {}, head_ = {}) {
  const made = world({ script: loaded(head + script), ...options });
  await onMailReceived(delivery([{ uid: 1, text: fresh("Subject: x") }], head_), made.deps);
  return made;
}

describe("tests on external lists", () => {
  const lists = listsOf({ [TEAM]: "BOB@example.net", "tag:x,2026:domains": "example.net", "tag:x,2026:none": "" });
  for (const { test, want } of [
    { test: `address :list "from" "${TEAM}"`, want: true },
    { test: `envelope :list "from" "${TEAM}"`, want: true },
    { test: `header :list "from" "${TEAM}"`, want: false },
    { test: `address :list :domain "from" "tag:x,2026:domains"`, want: true },
    { test: `address :list :domain "to" "tag:x,2026:domains"`, want: false },
    { test: `address :list "from" "tag:x,2026:none"`, want: false },
    { test: `valid_ext_list ["${TEAM}", "tag:x,2026:none"]`, want: true },
    { test: `valid_ext_list ["${TEAM}", "tag:x,2026:other"]`, want: false },
  ])
    it(`${test}: ${want}`, async () => {
      const { destination } = await decided(`if ${test} { fileinto "Found"; }`, { lists });
      assert.equal(destination(), want ? "Found" : "stay");
    });

  it("a list that is not there is told of, with those there are, and the mail kept", async () => {
    const made = await decided(`if address :list "from" "tag:x,2026:other" { discard; }`, { lists });
    assert.equal(made.destination(), "stay");
    assert.match(made.decided().error ?? "", /no list “tag:x,2026:other” \(there are: tag:example.org,2026:team, /);
  });

  it("an unusable list keeps the mail, and its owner is told", async () => {
    const made = await decided(`if address :list "from" "${TEAM}" { discard; }`, { lists: listsOf({ [TEAM]: null }) });
    assert.equal(made.destination(), "stay");
    assert.match(made.decided().error ?? "", /tell the administrator/);
  });

  it("while a list cannot be read its mail waits, alone", async () => {
    const script = loaded(`${head}if header :is "subject" "wait" { if address :list "from" "${TEAM}" { discard; } }`);
    const made = world({ script, lists: away });
    const mails = [
      { uid: 1, text: fresh("Subject: wait") },
      { uid: 2, text: fresh("Subject: go") },
    ];
    await onMailReceived(delivery(mails), made.deps);
    assert.deepEqual(
      made.command().decisions.map(({ uid }) => uid),
      [2],
    );
    const again = decodeMailBatch(made.published[1]?.payload ?? assert.fail());
    assert.deepEqual(
      again.mails.map(({ meta }) => meta.uid),
      [1],
    );
    await assert.rejects(onMailReceived(delivery(mails.slice(0, 1)), made.deps), RetryLater);
  });
});

describe("redirect :list", () => {
  const REDIRECT = `redirect :list "${TEAM}";`;
  const recipients = (outbox: ReturnType<typeof fakeOutbox>): readonly string[] =>
    outbox.sendings().flatMap(({ to }) => to);

  it("sends to each member once, also where the script names some otherwise", async () => {
    const outbox = fakeOutbox();
    const lists = listsOf({ [TEAM]: "carl@x.org\nDora <dora@x.org>\nCarl@X.org", "tag:x,2026:more": "dora@x.org" });
    const script = `${REDIRECT} redirect "carl@X.org"; redirect :list "tag:x,2026:more";`;
    const made = await decided(script, { lists, submit: outbox.submit });
    assert.deepEqual(recipients(outbox), ["carl@x.org", "dora@x.org"]);
    assert.ok(outbox.sendings().every(({ cancelsKeep }) => cancelsKeep));
    assert.equal(made.destination(), "discard");
  });

  it("keeps the owner's copy where he is a member, and sends him none", async () => {
    const outbox = fakeOutbox();
    const lists = listsOf({ [TEAM]: "carl@x.org\nAnna@Example.org" });
    const made = await decided(REDIRECT, { lists, submit: outbox.submit });
    assert.deepEqual(recipients(outbox), ["carl@x.org"]);
    assert.equal(made.destination(), "stay");
    assert.equal(outbox.sendings()[0]?.cancelsKeep, false);
    assert.equal(made.decided().error, undefined);
  });

  for (const { name, text, error } of [
    { name: "empty", text: "", error: /no addresses/ },
    { name: "of whole domains alone", text: "@x.org", error: /no addresses/ },
    { name: "longer than is allowed", text: "a@x\nb@x\nc@x\nd@x\ne@x\nf@x", error: /more addresses than are allowed/ },
  ])
    it(`a list that is ${name} sends nothing; the mail is kept and its owner told`, async () => {
      const outbox = fakeOutbox();
      const made = await decided(`redirect "z@x.org"; ${REDIRECT}`, {
        lists: listsOf({ [TEAM]: text }),
        submit: outbox.submit,
      });
      assert.deepEqual(recipients(outbox), ["z@x.org"]);
      assert.equal(outbox.sendings()[0]?.cancelsKeep, false);
      assert.equal(made.destination(), "stay");
      assert.match(made.decided().error ?? "", error);
    });

  it("an unusable list ends the script before anything is sent", async () => {
    const outbox = fakeOutbox();
    const options = { lists: listsOf({ [TEAM]: null }), submit: outbox.submit };
    const made = await decided(`redirect "z@x.org"; ${REDIRECT}`, options);
    assert.deepEqual(recipients(outbox), []);
    assert.equal(made.destination(), "stay");
    assert.match(made.decided().error ?? "", /tell the administrator/);
  });

  it("a member that is no address is told of, and the mail kept", async () => {
    const outbox = fakeOutbox();
    const made = await decided(REDIRECT, {
      lists: listsOf({ [TEAM]: "carl@x.org\nThe board" }),
      submit: outbox.submit,
    });
    assert.deepEqual(recipients(outbox), ["carl@x.org"]);
    assert.equal(made.destination(), "stay");
    assert.match(made.decided().error ?? "", /nothing can be sent to this address/);
  });

  it("with :copy the keep stands", async () => {
    const outbox = fakeOutbox();
    const lists = listsOf({ [TEAM]: "carl@x.org\nanna@example.org" });
    const made = await decided(`redirect :copy :list "${TEAM}"; fileinto "Read";`, { lists, submit: outbox.submit });
    assert.deepEqual(recipients(outbox), ["carl@x.org"]);
    const { plan } = made.command().decisions[0] ?? assert.fail();
    assert.deepEqual([destinationOf(plan), plan.copies], ["Read", []]);
  });

  it("sends nothing in a preview, and says that it would redirect", async () => {
    const outbox = fakeOutbox();
    const lists = listsOf({ [TEAM]: "carl@x.org" });
    const made = await decided(REDIRECT, { lists, submit: outbox.submit }, { purpose: "apply" });
    assert.deepEqual(recipients(outbox), []);
    assert.deepEqual(made.decided().notCarriedOut, ["redirect"]);
  });
});
