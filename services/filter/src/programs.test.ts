import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { decodeMailBatch } from "@tamis/contracts";
import { decideOne, delivery, fakeOutbox, fresh, loaded, world } from "../test/plain-world.ts";
import { onMailReceived } from "./on-mail-received.ts";
import type { ProgramAnswer, ProgramCall, ProgramRunner } from "./program-runner.ts";

const EXECUTE = `require ["vnd.dovecot.execute", "fileinto", "variables"];
if execute :pipe :output "folder" "classify" ["-x"] { fileinto "\${folder}"; }`;
const PIPE = 'require "vnd.dovecot.pipe"; pipe "ticket" ["new"];';

/** What `programs` was asked, and its answer. */
function fakePrograms(answer: (call: ProgramCall) => ProgramAnswer = () => ({ result: { ok: true } })) {
  const calls: { readonly call: ProgramCall; readonly input: string | null }[] = [];
  const runner: ProgramRunner = {
    run: async (call, input) => {
      calls.push({ call, input: input === null ? null : Buffer.from(input).toString() });
      return answer(call);
    },
  };
  return { runner, calls };
}

const away: ProgramRunner = {
  run: async () => Promise.reject(new RetryLater("nobody there", { code: "unreachable" })),
};

describe("execute", () => {
  it("is a fact: asked for once, then the script goes on with it", async () => {
    const { runner, calls } = fakePrograms(() => ({ result: { ok: true, output: Buffer.from("Bills") } }));
    const { destination } = await decideOne({ runner, script: loaded(EXECUTE) });
    assert.equal(destination(), "Bills");
    assert.equal(calls.length, 1);
    const { call, input } = calls[0] ?? assert.fail();
    assert.deepEqual(
      { ...call, key: "" },
      {
        accountId: "a1",
        address: "anna@example.org",
        mailId: "a1/8b9f2e1c/7/1",
        fingerprint: "0000000000000001",
        key: "",
        command: "execute",
        program: "classify",
        arguments: ["-x"],
      },
    );
    assert.match(input ?? "", /\r\nSubject: x\r\n.*\r\n\r\nHello\r\n$/);
  });

  it("is false of a program that failed, and an error where there is none", async () => {
    const failed = await decideOne({
      runner: fakePrograms(() => ({ result: { ok: false } })).runner,
      script: loaded(EXECUTE),
    });
    assert.deepEqual([failed.destination(), failed.decided().error], ["stay", undefined]);
    const command = loaded('require "vnd.dovecot.execute"; execute "absent"; discard;');
    const missing = await decideOne({
      runner: fakePrograms(() => ({ result: { ok: false, missing: true } })).runner,
      script: command,
    });
    assert.equal(missing.destination(), "stay");
    assert.match(missing.decided().error ?? "", /absent/);
  });
});

describe("pipe", () => {
  it("hands the mail over before the plan, which then discards it", async () => {
    const { runner, calls } = fakePrograms();
    const { destination } = await decideOne({ runner, script: loaded(PIPE) });
    assert.equal(destination(), "discard");
    assert.deepEqual(
      calls.map(({ call }) => [call.command, call.program, call.arguments]),
      [["pipe", "ticket", ["new"]]],
    );
  });

  it("leaves the mail where it is with :copy", async () => {
    const script = loaded('require ["vnd.dovecot.pipe", "copy"]; pipe :copy "ticket";');
    assert.equal((await decideOne({ runner: fakePrograms().runner, script })).destination(), "stay");
  });

  it("keeps a mail that the program did not take, and says so but for :try", async () => {
    const { runner } = fakePrograms(() => ({ result: { ok: false } }));
    const kept = await decideOne({ runner, script: loaded(PIPE) });
    assert.equal(kept.destination(), "stay");
    assert.match(kept.decided().error ?? "", /did not take the mail/);
    const tried = await decideOne({ runner, script: loaded('require "vnd.dovecot.pipe"; pipe :try "ticket";') });
    assert.deepEqual([tried.destination(), tried.decided().error], ["stay", undefined]);
  });

  it("gives the mail as the script changed it, and the whole of it", async () => {
    const { runner, calls } = fakePrograms();
    const script = loaded('require ["vnd.dovecot.pipe", "editheader"]; addheader "X-Ticket" "yes"; pipe "ticket";');
    const whole = Buffer.from(fresh("Subject: x").replaceAll("\n", "\r\n"));
    const asker = { wholeMail: async () => ({ kind: "whole", raw: whole }) as const };
    await decideOne(
      { runner, script, asker },
      { text: fresh("Subject: x").slice(0, -4), meta: { size: whole.length } },
    );
    assert.equal(calls[0]?.input, `X-Ticket: yes\r\n${whole.toString()}`);
  });

  it("a redirect beside a pipe that failed does not take the mail away", async () => {
    const outbox = fakeOutbox();
    const { runner } = fakePrograms(() => ({ result: { ok: false } }));
    const script = loaded(`${PIPE} redirect "carla@example.com";`);
    const { destination } = await decideOne({ runner, submit: outbox.submit, script });
    assert.equal(destination(), "stay");
    assert.equal(outbox.sendings()[0]?.cancelsKeep, false);
  });
});

describe("programs are not run", () => {
  for (const script of [EXECUTE, PIPE]) {
    it(`where the installation has none: ${script.slice(9, 30)}`, async () => {
      const { destination, decided } = await decideOne({ script: loaded(script) });
      assert.equal(destination(), "stay");
      assert.match(decided().error ?? "", /no programs are run here/);
    });

    for (const head of [{ mode: "observe" }, { purpose: "sort" }, { dryRun: true, mode: "observe" }] as const) {
      it(`for mail that is only looked at: ${script.slice(9, 30)} ${JSON.stringify(head)}`, async () => {
        const { runner, calls } = fakePrograms();
        const { facts } = await decideOne({ runner, script: loaded(script) }, {}, head);
        assert.deepEqual(calls, []);
        assert.match(facts[0]?.fact.mails[0]?.error ?? "", /only for mail that arrives/);
      });
    }

    it(`while nobody answers: the mail waits alone, the others go on: ${script.slice(9, 30)}`, async () => {
      const conditional = loaded(
        script.replace(/(if execute|pipe "ticket")/, 'if not header "subject" "go" { stop; } $1'),
      );
      const { deps, published, command } = world({ runner: away, script: conditional });
      const mails = [
        { uid: 1, text: fresh("Subject: go") },
        { uid: 2, text: fresh("Subject: stay") },
      ];
      await onMailReceived(delivery(mails), deps);
      assert.deepEqual(
        command(0).decisions.map(({ uid }) => uid),
        [2],
      );
      assert.deepEqual(
        published.slice(1).map(({ payload }) => decodeMailBatch(payload).mails.map(({ meta }) => meta.uid)),
        [[1]],
      );
    });
  }
});

describe("filter", () => {
  const LOUD = 'require ["vnd.dovecot.filter", "fileinto", "editheader"]; filter "loud";';
  const louder = (text: string): ProgramRunner =>
    fakePrograms(() => ({ result: { ok: true, output: Buffer.from(text) } })).runner;
  const MADE = "Subject: LOUD\nX-By: loud\n\nHELLO\n";
  const CRLF = MADE.replaceAll("\n", "\r\n");

  it("goes on with what the program made, which mailbox is given beside the plan", async () => {
    const script = loaded(`${LOUD} addheader "X-After" "1"; if header "x-by" "loud" { fileinto "Loud"; }`);
    const made = await decideOne({ runner: louder(MADE), script });
    assert.equal(made.destination(), "Loud");
    assert.equal(made.decided().error, undefined);
    const { destination } = made.command().decisions[0]?.plan ?? assert.fail();
    assert.ok(destination.kind === "folder");
    const [output, after, ...more] = destination.edits ?? [];
    assert.deepEqual(more, []);
    assert.equal(after?.kind, "add-header");
    assert.deepEqual([output?.kind, output?.["size"]], ["program-output", CRLF.length]);
    assert.deepEqual([...made.outputs], [[String(output?.["key"]), CRLF]]);
  });

  it("keeps the same under the same name when the mail is decided on again, and nothing of what it was before", async () => {
    const script = loaded(
      `${LOUD.replace('filter "loud";', 'addheader "X-Before" "1"; filter "loud"; filter "loud" ["again"];')}`,
    );
    const [first, again] = [
      await decideOne({ runner: louder(MADE), script }),
      await decideOne({ runner: louder(MADE), script }),
    ];
    assert.deepEqual([...first.outputs], [...again.outputs]);
    assert.equal(first.outputs.size, 1);
    assert.deepEqual(first.command().decisions[0]?.plan, again.command().decisions[0]?.plan);
    const { destination } = first.command().decisions[0]?.plan ?? assert.fail();
    assert.ok(destination.kind === "stay" && destination.edits?.length === 1);
  });

  it("sends on, and hands to programs, what the program made", async () => {
    const outbox = fakeOutbox();
    const { runner, calls } = fakePrograms(() => ({ result: { ok: true, output: Buffer.from(MADE) } }));
    const script = loaded(
      `require ["vnd.dovecot.filter", "vnd.dovecot.pipe", "copy"]; filter "loud"; redirect :copy "c@x.org"; pipe :copy "ticket";`,
    );
    await decideOne({ runner, script, submit: outbox.submit });
    assert.equal(outbox.body(), CRLF);
    assert.equal(calls.find(({ call }) => call.command === "pipe")?.input, CRLF);
  });

  for (const { name, result } of [
    { name: "fails", result: { ok: false } },
    { name: "writes nothing", result: { ok: true, output: Buffer.alloc(0) } },
    { name: "writes what is no mail", result: { ok: true, output: Buffer.from("\n\nno header") } },
  ])
    it(`a program that ${name} leaves the mail as it came; its owner is told, and the script goes on`, async () => {
      const { runner } = fakePrograms(() => ({ result }));
      const made = await decideOne({ runner, script: loaded(`${LOUD} fileinto "On";`) });
      assert.equal(made.destination(), "On");
      const { destination } = made.command().decisions[0]?.plan ?? assert.fail();
      assert.ok(destination.kind === "folder" && destination.edits === undefined);
      assert.match(made.decided().error ?? "", /the program loud made no mail of this one/);
      assert.equal(made.outputs.size, 0);
    });

  it("runs again for another script that goes on with what the program made", async () => {
    const calls: string[] = [];
    const runner: ProgramRunner = {
      run: async (_, input) => {
        calls.push(Buffer.from(input ?? []).toString());
        return {
          result: { ok: true, output: Buffer.concat([Buffer.from("X-Turn: 1\r\n"), input ?? Buffer.alloc(0)]) },
        };
      },
    };
    const made = await decideOne({ runner, before: [LOUD], script: loaded(LOUD) });
    assert.deepEqual(
      calls.map((input) => input.match(/X-Turn/g)?.length ?? 0),
      [0, 1],
    );
    assert.deepEqual(
      [...made.outputs.values()].map((output) => output.match(/X-Turn/g)?.length),
      [2],
    );
  });

  it("as a test it is false then, and that is the script's to judge", async () => {
    const { runner } = fakePrograms(() => ({ result: { ok: false } }));
    const script = loaded('require ["vnd.dovecot.filter", "fileinto"]; if not filter "loud" { fileinto "No"; }');
    const made = await decideOne({ runner, script });
    assert.equal(made.destination(), "No");
    assert.equal(made.decided().error, undefined);
  });

  it("a signed mail is stored as it came", async () => {
    const text = fresh("Subject: x", "Content-Type: multipart/signed; boundary=b");
    const made = await decideOne({ runner: louder(MADE), script: loaded(LOUD) }, { text });
    assert.match(made.decided().error ?? "", /signed or encrypted/);
    assert.equal(made.outputs.size, 0);
  });

  it("a program that is not there is an error, and the mail kept", async () => {
    const { runner } = fakePrograms(() => ({ result: { ok: false, missing: true } }));
    const made = await decideOne({ runner, script: loaded(`${LOUD} discard;`) });
    assert.equal(made.destination(), "stay");
    assert.match(made.decided().error ?? "", /loud/);
  });

  it("runs none in a preview", async () => {
    const made = await decideOne({ runner: away, script: loaded(LOUD) }, {}, { purpose: "apply" });
    assert.match(made.decided().error ?? "", /only for mail that arrives/);
  });
});
