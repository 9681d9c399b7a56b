import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AccountStateChanged } from "@tamis/contracts";
import { MailboxStats } from "./mailbox-stats.ts";
import { StateBoard } from "./state-board.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** A board, and what it tells as facts. */
function makeBoard(): { readonly board: StateBoard; readonly told: string[] } {
  const told: string[] = [];
  const deps = {
    stats: new MailboxStats("test"),
    log: { warn: () => undefined },
    bus: {
      publishFact: async (_fact: unknown, _p: number, { state, reason }: AccountStateChanged) =>
        void told.push([state, reason].filter(Boolean).join(" ")),
    },
  };
  // Proof: a board touches these three alone.
  return { board: new StateBoard(deps as unknown as WorkerDeps, "ada"), told };
}

describe("StateBoard", () => {
  it("tells of trouble once, however often it is tried, and of its end", () => {
    const { board, told } = makeBoard();
    board.set("connecting");
    board.set("idle");
    for (let i = 0; i < 3; i++) {
      board.set("connecting");
      board.set("backoff", "unreachable");
      board.set("held", "unreachable");
    }
    board.set("connecting");
    board.set("catching-up");
    board.set("idle");
    board.set("working");
    board.set("idle");
    assert.deepEqual(told, ["held unreachable", "idle"]);
  });

  it("remembers that it came to rest until it connects again", () => {
    const { board } = makeBoard();
    const seen = ["connecting", "working", "idle", "working", "backoff", "connecting"] as const;
    const rested = seen.map((state) => {
      board.set(state);
      return board.hasRested;
    });
    assert.deepEqual(rested, [false, false, true, true, true, false]);
  });

  it("tells of another trouble", () => {
    const { board, told } = makeBoard();
    board.set("held", "unreachable");
    board.set("parked", "auth-failed");
    board.set("parked", "uid-not-sticky");
    assert.deepEqual(told, ["held unreachable", "parked auth-failed", "parked uid-not-sticky"]);
  });
});
