import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { Objm } from "@nats-io/obj";
import { connect } from "@nats-io/transport-node";
import { waitFor } from "@tamis/testkit";
import { RetryLater } from "../src/index.ts";
import { bench, bytes, text } from "./harness.ts";

const MiB = 1024 * 1024;
const SPEC = { name: "outgoing", ttlSeconds: 3600, maxBytes: 64 * MiB };

describe("a bucket of objects", { timeout: 60_000 }, () => {
  it("keeps bytes of any length under a name, and replaces them", async () => {
    await using b = await bench();
    const objects = await b.bus.objects(SPEC);
    for (const size of [0, 1, 128 * 1024, 128 * 1024 + 1, 3 * MiB]) {
      const given = randomBytes(size);
      await objects.put("name", given);
      assert.ok(given.equals((await objects.get("name")) ?? bytes("none")), `${size} bytes`);
    }
    assert.ok((await b.bus.streamState("OBJ_outgoing")).bytes < 4 * MiB, "what was replaced is gone");
    await objects.put("other", bytes("x"));
    assert.equal(text((await objects.get("other")) ?? bytes("")), "x");
  });

  it("deletes, also what is not there", async () => {
    await using b = await bench();
    const objects = await b.bus.objects(SPEC);
    await objects.delete("never");
    assert.equal(await objects.get("never"), null);
    await objects.put("name", randomBytes(MiB));
    await objects.delete("name");
    assert.equal(await objects.get("name"), null);
    await objects.delete("name");
    assert.ok((await b.bus.streamState("OBJ_outgoing")).bytes < 1024, "its chunks are gone");
    await objects.put("name", bytes("again"));
    assert.equal(text((await objects.get("name")) ?? bytes("")), "again");
  });

  it("is what other clients read and write", async () => {
    await using b = await bench();
    const objects = await b.bus.objects(SPEC);
    const client = await connect({ servers: b.nats.url });
    const theirs = await new Objm(client).open(SPEC.name);
    const given = randomBytes(300_000);
    await objects.put("ours", given);
    assert.ok(given.equals((await theirs.getBlob("ours")) ?? bytes("")));
    await theirs.putBlob({ name: "theirs" }, given);
    assert.ok(given.equals((await objects.get("theirs")) ?? bytes("")));
    await client.close();
  });

  it("replaced or deleted while it is read, is RetryLater or whole, and never hangs", async () => {
    await using b = await bench();
    const objects = await b.bus.objects(SPEC);
    const second = await (await b.connect()).objects(SPEC);
    const values = [randomBytes(600_000), randomBytes(600_000)] as const;
    await objects.put("name", values[0]);
    let done = false;
    const writing = (async () => {
      for (let i = 1; i <= 12; i++) {
        if (i % 4 === 0) await second.delete("name");
        await second.put("name", values[i % 2] ?? values[0]);
      }
      done = true;
    })();
    let whole = 0;
    while (!done) {
      const read = await objects.get("name").catch((error: unknown) => {
        assert.ok(error instanceof RetryLater, String(error));
        return null;
      });
      if (read === null) continue;
      whole++;
      assert.ok(values.some((value) => value.equals(read)));
    }
    await writing;
    assert.ok(whole > 0);
  });

  it("full, takes no more; a changed limit is brought up to date", async () => {
    await using b = await bench();
    const small = await b.bus.objects({ ...SPEC, maxBytes: MiB });
    await assert.rejects(small.put("name", randomBytes(2 * MiB)), RetryLater);
    assert.equal(await small.get("name"), null);
    const large = await b.bus.objects(SPEC);
    await large.put("name", randomBytes(2 * MiB));
    assert.equal((await small.get("name"))?.length, 2 * MiB);
  });

  it("survives a restart; without a server every operation is RetryLater", async () => {
    await using b = await bench();
    const objects = await b.bus.objects(SPEC);
    await objects.put("name", bytes("here"));
    await b.nats.kill();
    await waitFor(() => !b.bus.isConnected());
    const attempts = [objects.get("name"), objects.put("name", bytes("")), objects.delete("name"), b.bus.objects(SPEC)];
    for (const outcome of await Promise.allSettled(attempts)) {
      assert.equal(outcome.status, "rejected");
      assert.ok(outcome.reason instanceof RetryLater, String(outcome.reason));
    }
    await b.nats.restart();
    await waitFor(() => b.bus.isConnected(), { timeoutMs: 15_000 });
    assert.equal(text((await waitFor(() => objects.get("name"))) ?? bytes("")), "here");
  });
});
