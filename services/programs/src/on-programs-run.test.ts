import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { decodeProgramOutcome, encodeProgramCall, type ProgramHead } from "@tamis/contracts";
import { Journal } from "./journal.ts";
import { onProgramsRun, type ProgramsDeps } from "./on-programs-run.ts";
import type { ProgramEnd } from "./run-program.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A bucket and a service over it; several services may share the bucket, as several instances do. */
class World {
  readonly entries = new Map<string, { value: Uint8Array; revision: number }>();
  readonly objects = new Map<string, Uint8Array>();
  readonly runs: string[] = [];
  now = 1_000_000;
  end: () => Promise<ProgramEnd> = async () => ({ kind: "ended", ok: true, output: Buffer.from("out") });
  #revision = 0;

  deps(more: Partial<ProgramsDeps> = {}): ProgramsDeps {
    return {
      journal: new Journal({
        get: async (key) => {
          const entry = this.entries.get(key);
          return entry === undefined ? null : { key, ...entry };
        },
        create: async (key, value) => (this.entries.has(key) ? null : this.#write(key, value)),
        update: async (key, value, revision) =>
          this.entries.get(key)?.revision === revision ? this.#write(key, value) : null,
      }),
      objects: {
        get: async (name) => this.objects.get(name) ?? null,
        put: async (name, bytes) => {
          this.objects.set(name, bytes);
        },
      },
      instance: "one",
      isAllowed: (address) => address === "anna@ac.test",
      find: async (name) => (name === "absent" ? { kind: "missing" } : { kind: "found", path: `/programs/${name}` }),
      run: (path, args, input) => {
        this.runs.push([path, ...args, Buffer.from(input).toString("utf8")].join(" "));
        return this.end();
      },
      inTurn: (work) => work(),
      lostAfterMs: 40_000,
      now: () => this.now,
      log: { info: () => {}, warn: () => {} },
      onEnd: () => {},
      ...more,
    };
  }

  #write(key: string, value: Uint8Array): number {
    this.#revision += 1;
    this.entries.set(key, { value, revision: this.#revision });
    return this.#revision;
  }
}

function frame(more: Partial<ProgramHead> = {}, input: Uint8Array | null = Buffer.from("mail")): Uint8Array {
  const head: ProgramHead = {
    v: 1,
    accountId: "a1",
    address: "anna@ac.test",
    mailId: "a1/00000001/1/1",
    fingerprint: "0123456789abcdef",
    key: "k",
    command: "execute",
    program: "classify",
    arguments: ["-x"],
    ...(input === null ? {} : { input: { size: input.length, sha256: sha256(input) } }),
    ...more,
  };
  return encodeProgramCall({ head, inline: more.input?.object === undefined ? input : null });
}

async function ask(deps: ProgramsDeps, call = frame()) {
  const { head, inline } = decodeProgramOutcome(await onProgramsRun(call, deps));
  return inline === null ? head : { ...head, text: Buffer.from(inline).toString("utf8") };
}

describe("programs.run", () => {
  it("runs a program once, whoever asks again", async () => {
    const world = new World();
    const first = await ask(world.deps());
    assert.deepEqual(first, {
      kind: "ended",
      ok: true,
      output: { size: 3, sha256: sha256(Buffer.from("out")) },
      text: "out",
    });
    assert.deepEqual(await ask(world.deps({ instance: "two" })), first);
    assert.deepEqual(world.runs, ["/programs/classify -x mail"]);
  });

  it("runs it again for another mail, program, argument, key or input", async () => {
    const world = new World();
    await ask(world.deps());
    for (const more of [{ fingerprint: "fedcba9876543210" }, { program: "other" }, { arguments: [] }, { key: "l" }])
      await ask(world.deps(), frame(more));
    await ask(world.deps(), frame({}, Buffer.from("another")));
    await ask(world.deps(), frame({ accountId: "a2" }));
    assert.equal(world.runs.length, 7);
  });

  it("answers busy while it runs, and the outcome afterwards", async () => {
    const world = new World();
    const { promise, resolve } = Promise.withResolvers<ProgramEnd>();
    const started = Promise.withResolvers<void>();
    world.end = () => {
      started.resolve();
      return promise;
    };
    const first = ask(world.deps());
    await started.promise;
    assert.deepEqual(await ask(world.deps({ instance: "two" })), { kind: "busy" });
    resolve({ kind: "ended", ok: false, output: Buffer.alloc(0) });
    await first;
    assert.partialDeepStrictEqual(await ask(world.deps()), { kind: "ended", ok: false });
    assert.equal(world.runs.length, 1);
  });

  it("never starts again what was under way when its instance died", async () => {
    const world = new World();
    // It began, and nobody ever wrote how it ended.
    world.end = () => new Promise(() => {});
    void ask(world.deps());
    const began = async (): Promise<boolean> => world.runs.length === 1;
    while (!(await began())) await new Promise(setImmediate);
    world.now += 41_000;
    assert.deepEqual(await ask(world.deps({ instance: "two" })), { kind: "failed", reason: "lost" });
    assert.deepEqual(await ask(world.deps()), { kind: "failed", reason: "lost" });
    assert.equal(world.runs.length, 1);
  });

  it("two that ask at the same moment run it once", async () => {
    const world = new World();
    const [one, two] = await Promise.all([ask(world.deps()), ask(world.deps({ instance: "two" }))]);
    assert.equal(world.runs.length, 1);
    assert.deepEqual([one.kind, two.kind].toSorted(), ["busy", "ended"]);
  });

  it("does not run a program that failed again", async () => {
    const world = new World();
    world.end = async () => ({ kind: "failed", reason: "timeout" });
    assert.deepEqual(await ask(world.deps()), { kind: "failed", reason: "timeout" });
    assert.deepEqual(await ask(world.deps()), { kind: "failed", reason: "timeout" });
    assert.equal(world.runs.length, 1);
  });

  it("refuses accounts that may run none, and says what is missing", async () => {
    const world = new World();
    assert.deepEqual(await ask(world.deps(), frame({ address: "ben@ac.test" })), {
      kind: "failed",
      reason: "not-allowed",
    });
    assert.deepEqual(await ask(world.deps(), frame({ program: "absent" })), { kind: "missing" });
    assert.deepEqual(world.runs, []);
    assert.equal(world.entries.size, 0);
  });

  it("takes no input that is not the one announced", async () => {
    const world = new World();
    const wrong = frame({ input: { size: 4, sha256: sha256(Buffer.from("liam")) } });
    assert.equal((await ask(world.deps(), wrong)).kind, "refused");
    const gone = frame({ input: { size: 4, sha256: sha256(Buffer.from("mail")), object: "gone" } });
    assert.equal((await ask(world.deps(), gone)).kind, "refused");
    assert.deepEqual(world.runs, []);
  });

  it("gives long output by name, and takes long input by name", async () => {
    const world = new World();
    const input = Buffer.alloc(700_000, "i");
    const output = Buffer.alloc(100_000, "o");
    world.objects.set("in", input);
    world.end = async () => ({ kind: "ended", ok: true, output });
    const answer = await ask(
      world.deps(),
      frame({ input: { size: input.length, sha256: sha256(input), object: "in" } }),
    );
    assert.deepEqual(answer, {
      kind: "ended",
      ok: true,
      output: { size: 100_000, sha256: sha256(output), object: sha256(output) },
    });
    assert.deepEqual(world.objects.get(sha256(output)), output);
  });

  it("keeps no output of pipe", async () => {
    const world = new World();
    assert.deepEqual(await ask(world.deps(), frame({ command: "pipe" })), { kind: "ended", ok: true });
  });

  it("answers garbage with a refusal", async () => {
    const world = new World();
    for (const garbage of ["", "TMP1", "\0\0\0\0", frame().subarray(0, 30)])
      assert.equal((await ask(world.deps(), Buffer.from(garbage))).kind, "refused");
  });
});
