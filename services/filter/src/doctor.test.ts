import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Bucket, type Bus, BusUnusable, RetryLater } from "@tamis/bus";
import type { Ability } from "@tamis/sieve";
import { examine } from "./doctor.ts";

const script = (text: string) => Buffer.from(JSON.stringify({ v: 1, name: "main", version: text, text }));

/** The few calls that the doctor makes. */
function fakeBus({
  durable = true,
  stream = true,
  scripts = {},
}: {
  durable?: boolean;
  stream?: boolean;
  scripts?: Readonly<Record<string, Uint8Array>>;
}): Bus {
  const bucket: Partial<Bucket> = {
    keys: async () => Object.keys(scripts),
    get: async (key) => ({ key, value: scripts[key] ?? new Uint8Array(), revision: 1 }),
  };
  const streamState: Bus["streamState"] = async () => {
    if (!stream) throw new BusUnusable("stream MAIL does not exist");
    return { messages: 0, bytes: 0, firstSeq: 1, lastSeq: 0 };
  };
  // Proof: examine() calls nothing else.
  return { hasConsumer: async () => durable, streamState, bucket: async () => bucket as Bucket } as Partial<Bus> as Bus;
}
const { signal } = new AbortController();
const abilities: ReadonlySet<Ability> = new Set(["memory"]);

describe("examine", () => {
  it("finds all well", async () => {
    const findings = await examine({
      bus: fakeBus({ scripts: { a: script("keep;"), "a.s.6d": script("kep") } }),
      signal,
      abilities,
    });
    assert.deepEqual(
      findings.map(({ id, ok }) => [id, ok]),
      [
        ["filter.durable", true],
        ["filter.scripts", true],
      ],
    );
  });

  it("names the accounts whose script does not compile, and a missing durable, each with its mend", async () => {
    const findings = await examine({
      bus: fakeBus({ durable: false, scripts: { a: script("keep;"), b: script("kep;"), c: Buffer.from("x") } }),
      signal,
      abilities,
    });
    assert.deepEqual(
      findings.map(({ ok }) => ok),
      [false, false],
    );
    assert.match(findings[1]?.text.en ?? "", /2 of 3 .*: b, c$/);
    assert.ok(findings.every(({ mend }) => mend !== undefined));
  });

  it("counts a script that requires what this installation does not offer", async () => {
    const scripts = { a: script('require "vacation"; vacation "away";'), b: script('require "duplicate"; keep;') };
    const findings = await examine({ bus: fakeBus({ scripts }), signal, abilities });
    assert.match(findings[1]?.text.en ?? "", /^1 of 2 .*: a$/);
  });

  it("has nothing to mend before the first start", async () => {
    const [durable] = await examine({ bus: fakeBus({ durable: false, stream: false }), signal, abilities });
    assert.deepEqual([durable?.ok, durable?.text.en], [true, "the stream MAIL is not set up yet"]);
  });

  it("says nothing where NATS is not there, and something where it goes away", async () => {
    assert.deepEqual(await examine({ bus: null, signal, abilities }), []);
    // Proof: examine() calls hasConsumer first.
    const lost = { hasConsumer: async () => Promise.reject(new RetryLater("gone")) } as Partial<Bus> as Bus;
    assert.deepEqual(
      (await examine({ bus: lost, signal, abilities })).map(({ ok }) => ok),
      [false],
    );
  });
});
