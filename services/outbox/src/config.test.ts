import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { ConfigFault, loadSettings } from "@tamis/kit";
import { tempDir } from "@tamis/testkit";
import { outboxConfig } from "./config.ts";

describe("the section outbox", () => {
  const dir = tempDir("tamis-outbox-config");
  after(() => dir.remove());
  const load = (outbox: string) => {
    const file = join(dir.path, "tamis.yaml");
    writeFileSync(file, `outbox: ${outbox}\n`, { mode: 0o600 });
    return loadSettings(file, { outbox: outboxConfig }).outbox;
  };

  it("needs a relay and nothing else", () => {
    const {
      relay,
      redirect_from: redirectFrom,
      limits,
      expire_hours: hours,
    } = load("{ relay: { host: smtp.example.org } }");
    assert.deepEqual([relay.port, relay.tls, redirectFrom], [587, "starttls", "owner"]);
    assert.deepEqual(limits.reject, { per_account_hour: 50, per_target_day: 5 });
    assert.deepEqual([hours.redirect, hours.vacation], [72, 24]);
  });
  for (const { tls, port } of [
    { tls: "implicit", port: 465 },
    { tls: "none", port: 25 },
  ])
    it(`finds the port of tls: ${tls}`, () =>
      assert.equal(load(`{ relay: { host: localhost, tls: ${tls} } }`).relay.port, port));
  it("takes an address to redirect from", () =>
    assert.equal(load("{ relay: { host: a }, redirect_from: r@example.org }").redirect_from, "r@example.org"));
  it("knows office hours, lists of a directory, and how what is unknown is looked up", () => {
    const { circulars, lists, lookup } = load(`
  relay: { host: a }
  circulars: { office_hours: { zone: Europe/Paris, days: [mon, fri], holidays: [2026-12-25] } }
  lists: { ldap: { url: "ldaps://annuaire.example.org", base: "dc=example", kinds: { school: { people: "(rne={name})" } } } }
  lookup: { command: [/usr/bin/grep, -qF, "{message-id}", /var/log/mail.log] }`);
    const hours = { zone: "Europe/Paris", from: "08:00", to: "18:00", days: [1, 5], closed: ["2026-12-25"] };
    assert.deepEqual(circulars.office_hours, hours);
    assert.deepEqual([lists.max_depth, lists.ldap?.people.mail, lookup?.resend], [10, "mail", false]);
  });
  it("looks up what is unknown in a mailbox alone", () => {
    const { lookup } = load("{ relay: { host: a }, lookup: { mailbox: { address: journal@example.org } } }");
    assert.deepEqual(lookup?.mailbox, { address: "journal@example.org", folder: "INBOX", give_up_hours: 24 });
    assert.deepEqual([lookup?.command, lookup?.resend], [undefined, false]);
  });
  const withLdap = (ldap: string): string => `{ relay: { host: a }, lists: { ldap: { base: "dc=x", ${ldap} } } }`;
  for (const { name, outbox, want } of [
    {
      name: "a directory in the clear",
      outbox: withLdap('url: "ldap://x.example", starttls: false, kinds: {}'),
      want: /without TLS/,
    },
    {
      name: "a filter that does not name the list",
      outbox: withLdap('url: "ldaps://x", kinds: { school: { people: "(a=b)" } }'),
      want: /\{name\} stands in it/,
    },
    {
      name: "two filters side by side",
      outbox: withLdap('url: "ldaps://x", kinds: { school: { people: "(a={name})(c=d)" } }'),
      want: /not a filter/,
    },
    {
      name: "a kind of list that files have",
      outbox: withLdap('url: "ldaps://x", kinds: { list: { people: "(a={name})" } }'),
      want: /lists\.ldap\.kinds\.list/,
    },
    {
      name: "office hours that end before they begin",
      outbox: "{ relay: { host: a }, circulars: { office_hours: { zone: UTC, from: '18:00', to: '08:00' } } }",
      want: /office_hours\.from/,
    },
    {
      name: "a program without its path",
      outbox: "{ relay: { host: a }, lookup: { command: [grep] } }",
      want: /absolute path/,
    },
    {
      name: "a lookup that is nowhere",
      outbox: "{ relay: { host: a }, lookup: {} }",
      want: /lookup\.command: missing/,
    },
    {
      name: "what is sent again for want of a copy",
      outbox: "{ relay: { host: a }, lookup: { mailbox: { address: j@example.org }, resend: true } }",
      want: /lookup\.resend: only a program/,
    },
    {
      name: "a mailbox of copies that is no address",
      outbox: "{ relay: { host: a }, lookup: { mailbox: { address: journal } } }",
      want: /lookup\.mailbox\.address/,
    },
    { name: "no relay", outbox: "{}", want: /outbox\.relay/ },
    {
      name: "mail in the clear over the net",
      outbox: "{ relay: { host: smtp.example.org, tls: none } }",
      want: /without TLS/,
    },
    { name: "a user without a password", outbox: "{ relay: { host: a, user: u } }", want: /relay\.password: missing/ },
    { name: "what is no address", outbox: "{ relay: { host: a }, redirect_from: somebody }", want: /redirect_from/ },
    { name: "an unknown key", outbox: "{ relay: { host: a }, retries: 3 }", want: /retries/ },
    {
      name: "receipts that come back to nowhere",
      outbox: "{ relay: { host: a }, receipts: {} }",
      want: /receipts\.address/,
    },
    {
      name: "more keys of tokens than are kept",
      outbox: "{ relay: { host: a }, tokens: { use_days: 1, accept_days: 400 } }",
      want: /tokens\.use_days/,
    },
    {
      name: "links that outlive their keys",
      outbox: `{ relay: { host: a }, tokens: { use_days: 10, accept_days: 30 },
        circulars: { attachments: { url: "https://f.example.org", store: { kind: folder, dir: . } } } }`,
      want: /circulars\.attachments\.expire_days.*outlive/,
    },
    { name: "a host with a blank", outbox: '{ relay: { host: "a b" } }', want: /relay\.host/ },
  ])
    it(`refuses ${name}`, () =>
      assert.throws(
        () => load(outbox),
        (error: unknown) => error instanceof ConfigFault && want.test(error.message),
      ));
});
