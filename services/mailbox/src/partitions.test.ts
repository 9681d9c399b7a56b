import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Bus, BusUnusable, type Lease, RetryLater } from "@tamis/bus";
import { waitFor } from "@tamis/testkit";
import { Partitions } from "./partitions.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** A bus that answers what the test says, and what it was asked for. */
class Scene {
  readonly responders = new Set<string>();
  readonly failures: Error[] = [];
  consuming = 0;
  readonly partitions: Partitions;
  #isHolder = true;

  constructor() {
    const bus: Pick<Bus, "respond" | "ensureConsumer" | "consume"> = {
      respond: async (subject) => {
        if (subject.startsWith("mailbox.fetch")) this.#fail();
        const name = `${subject} ${this.responders.size}`;
        this.responders.add(name);
        return { stop: async () => void this.responders.delete(name) };
      },
      ensureConsumer: async () => this.#fail(),
      consume: async () => {
        this.consuming += 1;
        const stop = async (): Promise<void> => {
          this.consuming -= 1;
        };
        return { running: 0, stop };
      },
    };
    const log = { info: () => undefined, error: () => undefined };
    // Proof: without accounts, partitions touch these two alone.
    this.partitions = new Partitions({ bus, log } as unknown as WorkerDeps);
  }

  lease(): Lease {
    return { p: 3, token: 1, validUntil: () => 0, isValid: () => this.#isHolder };
  }

  async lose(): Promise<void> {
    this.#isHolder = false;
    await this.partitions.lost(3, "taken");
  }

  #fail(): void {
    const error = this.failures.shift();
    if (error !== undefined) throw error;
  }
}

describe("Partitions", () => {
  for (const error of [new RetryLater("away"), new BusUnusable("no such stream"), new Error("anything")])
    it(`goes on trying to hear commands after ${error.name}, and leaves nobody who answers for it`, async () => {
      const scene = new Scene();
      // First the second responder fails, then the durable.
      scene.failures.push(error);
      void scene.partitions.gained(3, scene.lease()).catch(() => undefined);
      await waitFor(() => scene.consuming === 1, { describe: "commands are heard", timeoutMs: 3_000 });
      assert.equal(scene.responders.size, 2);
      await scene.lose();
      assert.deepEqual([scene.consuming, scene.responders.size], [0, 0]);
    });
});
