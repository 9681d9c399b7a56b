import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Ability, abilities } from "@tamis/sieve";
import { waitFor } from "@tamis/testkit";
import { recheckScripts } from "./recheck-scripts.ts";

const without = (...missing: readonly Ability[]): ReadonlySet<Ability> =>
  new Set(abilities.filter((ability) => !missing.includes(ability)));

/** Active scripts by account; what is offered can change. */
function world(scripts: Readonly<Record<string, string>>, restMs = 0) {
  const told: string[] = [];
  let there = without();
  let changed = (): void => assert.fail("nobody listens");
  let looks = 0;
  let away = false;
  const stop = recheckScripts({
    source: {
      async accounts(after) {
        if (after === "") looks++;
        if (away) throw new Error("away");
        return Object.keys(scripts).filter((id) => id > after);
      },
      read: async (id) => ({
        changes: 1,
        scripts: [
          { name: "main", text: scripts[id] ?? "", at: 0, active: true },
          { name: "other", text: 'require "snooze";', at: 0, active: false },
        ],
      }),
    },
    restMs,
    offerOf: () => ({ abilities: there }),
    globals: { read: (name) => (name === "editing" ? 'require "editheader";' : null) },
    onChange: (listener) => {
      changed = listener;
      return () => {
        changed = () => {};
      };
    },
    log: { warn: ({ accountId, extension }, event) => told.push(`${event} ${accountId ?? ""} ${extension ?? ""}`) },
  });
  return {
    told,
    stop,
    looks: () => looks,
    looked: (times: number) => waitFor(() => looks >= times, { describe: `${looks} looks, not ${times}` }),
    offer(...missing: readonly Ability[]) {
      there = without(...missing);
      changed();
    },
    leave(is: boolean) {
      away = is;
    },
  };
}

describe("recheckScripts", () => {
  const scripts = {
    anna: 'require ["vacation", "enotify"]; vacation "away";',
    bob: 'require "fileinto"; fileinto "A";',
    carl: 'require "editheader"; deleteheader "X-A";',
    dora: "kep;",
  };

  it("says nothing of scripts that may go on, nor of other errors, nor of scripts that are not active", async () => {
    const { told, stop, looked } = world(scripts);
    await looked(1);
    await stop();
    assert.deepEqual(told, []);
  });

  it("tells account and extension when less is offered, once", async () => {
    const { told, stop, offer, looked } = world(scripts);
    await looked(1);
    offer("send", "rewrite");
    await waitFor(() => told.length === 3);
    offer("send", "rewrite", "snooze");
    await looked(3);
    await stop();
    // The first look may not have been over.
    assert.deepEqual(told.toSorted(), [
      "script-no-longer-offered anna enotify",
      "script-no-longer-offered anna vacation",
      "script-no-longer-offered carl editheader",
    ]);
  });

  it("looks into included scripts", async () => {
    const { told, stop, offer, looked } = world({ dora: 'require "include"; include "other";' });
    await looked(1);
    offer("snooze");
    await waitFor(() => told.length === 1);
    await stop();
    assert.deepEqual(told, ["script-no-longer-offered dora snooze"]);
  });

  it("tells again what was mended and broke again", async () => {
    const { told, stop, offer, looked } = world({ carl: scripts.carl });
    await looked(1);
    offer("rewrite");
    await waitFor(() => told.length === 1);
    offer();
    await looked(3);
    offer("rewrite");
    await waitFor(() => told.length === 2);
    await stop();
  });

  it("looks into global scripts that are included", async () => {
    const { told, stop, offer } = world({ emma: 'require "include"; include :global "editing";' });
    offer("rewrite");
    await waitFor(() => told.includes("script-no-longer-offered emma editheader"));
    await stop();
  });

  it("rests between two looks, however often there is news, and stops at once", async () => {
    const { stop, offer, looked, looks } = world({ carl: scripts.carl }, 3_600_000);
    await looked(1);
    for (let i = 0; i < 10; i++) offer("rewrite");
    await stop();
    assert.equal(looks(), 1);
  });

  it("outlives tables that are away", async () => {
    const { told, stop, offer, leave, looked } = world({ carl: scripts.carl });
    await looked(1);
    leave(true);
    offer("rewrite");
    await waitFor(() => told.includes("scripts-recheck-failed  "));
    leave(false);
    offer("rewrite");
    await waitFor(() => told.includes("script-no-longer-offered carl editheader"));
    await stop();
  });
});
