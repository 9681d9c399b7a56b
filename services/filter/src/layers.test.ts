import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compile } from "@tamis/sieve";
import {
  delivery,
  destinationOf,
  fakeOutbox,
  fresh,
  loaded,
  SETTINGS,
  type WorldOptions,
  world,
} from "../test/plain-world.ts";
import { onMailReceived } from "./on-mail-received.ts";

const FILE = (folder: string): string => `require "fileinto"; fileinto "${folder}";`;
const FLAG = 'require "imap4flags"; addflag "$Org";';

interface Case {
  readonly name: string;
  readonly before?: readonly string[];
  readonly user?: string | null;
  readonly after?: readonly string[];
  readonly want: string;
  readonly layer?: "before" | "after" | undefined;
  readonly error?: RegExp;
  readonly flags?: readonly string[];
  readonly copies?: readonly string[];
}

const cases: readonly Case[] = [
  { name: "the owner's script alone", user: FILE("U"), want: "U" },
  { name: "nobody decides", user: null, want: "stay" },
  {
    name: "the organisation first",
    before: [FILE("B")],
    user: FILE("U"),
    after: [FILE("A")],
    want: "B",
    layer: "before",
  },
  {
    name: "the owner, where those before let the mail be",
    before: [FLAG],
    user: FILE("U"),
    want: "U",
    flags: ["$Org"],
  },
  { name: "the organisation last", user: "stop;", after: [FILE("A")], want: "A", layer: "after" },
  {
    name: "the organisation last, without any script of the owner",
    user: null,
    after: [FILE("A")],
    want: "A",
    layer: "after",
  },
  { name: "nothing after the owner decided", user: FILE("U"), after: [FILE("A"), "discard;"], want: "U" },
  { name: "nothing after a discard", before: ["discard;"], user: FILE("U"), want: "discard", layer: "before" },
  {
    name: "nothing after a written keep: so an owner keeps what is filed as spam",
    user: "keep;",
    after: [FILE("Junk")],
    want: "stay",
  },
  { name: "nothing after fileinto INBOX, which is the same", user: FILE("INBOX"), after: [FILE("Junk")], want: "stay" },
  {
    name: "a copy lets the next one run",
    before: ['require ["fileinto", "copy"]; fileinto :copy "B";'],
    user: FILE("U"),
    want: "U",
    copies: ["B"],
  },
  {
    name: "flags of a script before go with the implicit keep",
    before: [FLAG],
    user: "stop;",
    after: ["stop;"],
    want: "stay",
    flags: ["$Org"],
  },
  {
    name: "an owner sees them, and takes them away",
    before: [FLAG],
    user: 'require "imap4flags"; if hasflag "$Org" { removeflag "$Org"; addflag "$Mine"; }',
    want: "stay",
    flags: ["$Mine"],
  },
  {
    name: "what one script changes in the mail the next one sees",
    before: ['require "editheader"; addheader "X-Class" "3eB";'],
    user: 'require "fileinto"; if header "x-class" "3eB" { fileinto "U"; }',
    want: "U",
  },
  {
    name: "an owner's script with errors keeps the mail; nothing after it runs",
    before: [FLAG],
    user: "broken",
    after: [FILE("A")],
    want: "stay",
    flags: ["$Org"],
    error: /has errors .*\(there is no command kep.*\)$/,
  },
  {
    name: "a script that fails keeps the mail, with what those before did",
    before: ['require ["fileinto", "copy"]; fileinto :copy "B";'],
    user: `require ["fileinto", "variables"]; set "x" ""; fileinto "\${x}";`,
    after: [FILE("A")],
    want: "stay",
    copies: ["B"],
    error: /./,
  },
  {
    name: "the organisation's failure is told as its own",
    before: [`require ["fileinto", "variables"]; set "x" ""; fileinto "\${x}";`],
    user: FILE("U"),
    want: "stay",
    layer: "before",
    error: /./,
  },
];

function brokenBy(text: string) {
  const compiled = compile(text);
  return (compiled.ok ? undefined : compiled.diagnostics[0]) ?? assert.fail("the script of this test does not compile");
}

function worldOf({ before, user, after }: Case): ReturnType<typeof world> {
  const script =
    user === "broken"
      ? { name: "main", version: "v1", program: null, fault: brokenBy("kep;") }
      : user == null
        ? null
        : loaded(user);
  const options: WorldOptions = { script, before: before ?? [], after: after ?? [] };
  return world(options);
}

describe("scripts in layers", () => {
  for (const one of cases) {
    it(one.name, async () => {
      const { deps, command, decided } = worldOf(one);
      await onMailReceived(delivery([{ uid: 1, text: fresh("Subject: x") }]), deps);
      const plan = command().decisions[0]?.plan ?? assert.fail("no plan");
      assert.equal(destinationOf(plan), one.want);
      assert.equal(decided().layer, one.layer);
      const { destination, copies } = plan;
      assert.deepEqual(destination.kind === "discard" ? [] : destination.addFlags, one.flags ?? []);
      assert.deepEqual(
        copies.map(({ mailbox }) => mailbox),
        one.copies ?? [],
      );
      if (one.error === undefined) assert.equal(decided().error, undefined);
      else assert.match(decided().error ?? "", one.error);
    });
  }

  for (const [language, broken, failed] of [
    ["fr", /^le script actif contient des erreurs .* \(la commande kep n'existe pas.*\)$/, /nom de dossier/],
    ["en", /^the active script has errors .* \(there is no command kep.*\)$/, /name of a mailbox/],
  ] as const)
    it(`tells an owner what is wrong in his language, ${language}, whatever the installation's is`, async () => {
      const settings = { ...SETTINGS, language: language === "fr" ? "en" : "fr" } as const;
      for (const [script, want] of [
        [{ name: "main", version: "v1", program: null, fault: brokenBy("kep;") }, broken],
        [loaded(`require ["fileinto", "variables"]; set "x" ""; fileinto "\${x}";`), failed],
      ] as const) {
        const { deps, decided } = world({ script });
        const mail = delivery([{ uid: 1, text: fresh("Subject: x") }], { language });
        await onMailReceived(mail, { ...deps, settings });
        assert.match(decided().error ?? "", want);
      }
    });

  it("tells of each step whose it was", async () => {
    const { deps, decided } = world({
      script: loaded('if header "subject" "x" { stop; }'),
      before: ['if header "subject" "x" { stop; }'],
      after: [FILE("A")],
    });
    await onMailReceived(delivery([{ uid: 1, text: fresh("Subject: x") }]), deps);
    const { trace, rule, line, layer } = decided();
    assert.deepEqual(
      trace.map((step) => step.layer),
      ["before", "before", undefined, undefined, "after"],
    );
    assert.deepEqual([rule, line, layer], ["line 1", 1, "after"]);
  });

  it("puts the changes of all scripts into the plan, in their order", async () => {
    const { deps, command } = world({
      script: loaded('require ["editheader", "fileinto"]; deleteheader "x-a"; fileinto "U";'),
      before: ['require "editheader"; addheader "X-A" "1";'],
    });
    await onMailReceived(delivery([{ uid: 1, text: fresh("Subject: x") }]), deps);
    const { destination } = command().decisions[0]?.plan ?? assert.fail("no plan");
    const edits = destination.kind === "discard" ? [] : (destination.edits ?? []);
    assert.deepEqual(
      edits.map(({ kind }) => kind),
      ["add-header", "delete-header"],
    );
  });

  it("redirects a mail that the organisation enclosed without what encloses it", async () => {
    const outbox = fakeOutbox();
    const { deps } = world({
      before: ['require ["enclose", "editheader"]; addheader "X-A" "1"; enclose "Attention."; addheader "X-B" "1";'],
      script: loaded('require "editheader"; addheader "X-C" "1"; redirect "carla@example.com";'),
      submit: outbox.submit,
    });
    const text = fresh("Subject: x");
    await onMailReceived(delivery([{ uid: 1, text }]), deps);
    assert.equal(outbox.body(), `X-A: 1\r\n${text.replaceAll("\n", "\r\n")}`);
  });

  it("changes nothing in a signed mail, and says so", async () => {
    const { deps, command, decided } = world({ script: loaded('require "editheader"; addheader "X-A" "1";') });
    const text = fresh('Content-Type: multipart/signed; boundary="b"');
    await onMailReceived(delivery([{ uid: 1, text }]), deps);
    assert.deepEqual(command().decisions[0]?.plan.destination, { kind: "stay", addFlags: [], removeFlags: [] });
    assert.match(decided().error ?? "", /signed or encrypted/);
  });

  it("asks for as much of the mail as the script that reads most", async () => {
    const body = (tag: string): string => `require "body"; if body ${tag} :contains "x" { discard; }`;
    const [texts, all] = [body(":text"), body(":raw")];
    for (const [options, reads] of [
      [{}, "header"],
      [{ before: [texts] }, "texts"],
      [{ after: [texts] }, "texts"],
      [{ script: loaded(texts) }, "texts"],
      [{ before: [all], script: loaded(texts) }, "whole"],
      [{ script: loaded(all) }, "whole"],
    ] as const) {
      const { deps, command } = world(options);
      await onMailReceived(delivery([{ uid: 1, text: fresh("Subject: x") }]), deps);
      assert.equal(command().reads, reads);
    }
  });

  it("gives each script the verdict, and tells it", async () => {
    const script =
      'require ["fileinto", "spamtestplus", "relational", "comparator-i;ascii-numeric"];\nif spamtest :percent :value "ge" :comparator "i;ascii-numeric" "80" { fileinto "Spam"; }';
    const { deps, decided, destination } = world({ after: [script], verdict: { spam: 0.9 } });
    await onMailReceived(delivery([{ uid: 1, text: fresh("Subject: x") }]), deps);
    assert.deepEqual([decided().spam, destination()], [0.9, "Spam"]);
  });
});
