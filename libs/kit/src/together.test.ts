import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { tempDir } from "@tamis/testkit";
import { z } from "zod";
import { loadSettings } from "./load-settings.ts";
import type { Logger } from "./log.ts";
import type { ServiceContext, ServiceDefinition } from "./service.ts";
import { partOf, together } from "./together.ts";

const section = (fallback: string) => z.strictObject({ word: z.string().default(fallback) }).prefault({});

describe("services together in one process", () => {
  const dir = tempDir("kit-together");
  after(() => dir.remove());
  const events: string[] = [];
  const one = <N extends "mailbox" | "filter">(name: N, fails = false): ServiceDefinition => ({
    name,
    sections: { [name]: section(`${name}'s`) },
    start: async ({ settings, log }) => {
      if (fails) throw new Error(`${name} cannot start`);
      // Proof: parsed by the section above.
      events.push(`start ${(settings[name] as { word: string }).word}`);
      log.info({}, "started");
      return { stop: async () => void events.push(`stop ${name}`) };
    },
    doctor: async () => [{ id: name, ok: true, text: { en: name, fr: name } }],
  });

  function context(text: string): ServiceContext {
    const file = join(dir.path, "tamis.yaml");
    writeFileSync(file, text);
    const said = (fields: Readonly<Record<string, unknown>>): Logger => {
      const log = { info: (_: unknown, event: string) => void events.push(`${fields["part"]} says ${event}`) };
      // Proof: the services above say nothing else.
      return { ...log, child: said } as unknown as Logger;
    };
    // Proof: `together` and the services above read no more of it.
    return { settings: loadSettings(file, {}), log: said({}) } as unknown as ServiceContext;
  }

  it("start in order with their own settings and names, and stop in reverse", async () => {
    events.length = 0;
    const both = together("sorter", [partOf(one("filter")), partOf(one("mailbox"))]);
    assert.deepEqual(
      [both.name, both.alsoNamed, Object.keys(both.sections).sort()],
      ["sorter", ["filter", "mailbox"], ["filter", "mailbox"]],
    );
    const running = await both.start(context("mailbox: { word: mine }\n"));
    await running.stop();
    assert.deepEqual(events, [
      "start filter's",
      "filter says started",
      "start mine",
      "mailbox says started",
      "stop mailbox",
      "stop filter",
    ]);
  });

  it("are checked by the first one's schema of a section that several have", () => {
    const [strict, lax] = [z.strictObject({}), z.looseObject({})];
    const part = (name: string, schema: z.ZodType) => ({
      ...partOf(one("filter")),
      name,
      sections: { imapsieve: schema },
    });
    assert.equal(together("sorter", [part("filter", strict), part("mailbox", lax)]).sections["imapsieve"], strict);
  });

  it("leave none running where another cannot start", async () => {
    events.length = 0;
    const both = together("sorter", [partOf(one("filter")), partOf(one("mailbox", true))]);
    await assert.rejects(both.start(context("{}\n")), /mailbox cannot start/);
    assert.equal(events.at(-1), "stop filter");
  });

  it("are all examined", async () => {
    const both = together("sorter", [partOf(one("filter")), partOf(one("mailbox"))]);
    const { settings, log } = context("{}\n");
    const found = await both.doctor?.({ settings, log, bus: null, signal: AbortSignal.timeout(1_000) });
    assert.deepEqual(
      found?.map(({ id }) => id),
      ["filter", "mailbox"],
    );
  });
});
