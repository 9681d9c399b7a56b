import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, describe, it } from "node:test";
import { connect } from "@nats-io/transport-node";
import { type NatsServer, startNats } from "@tamis/testkit";

/** One request of the JetStream API (ADR-31), so that the test kit depends on no JetStream client. */
async function jetStream(nats: NatsServer, subject: string, body: unknown = {}): Promise<Record<string, unknown>> {
  const connection = await connect({ servers: nats.url });
  try {
    return (await connection.request(subject, JSON.stringify(body), { timeout: 20_000 })).json();
  } finally {
    await connection.close();
  }
}

describe("startNats", async () => {
  const nats = await startNats();
  after(() => nats.stop());

  it("starts on a port below the ephemeral ones", () => {
    assert.ok(nats.port >= 11_000 && nats.port < 32_000);
    assert.ok(nats.pid);
  });

  it("keeps port and streams over a restart and over kill -9", async () => {
    const made = await jetStream(nats, "$JS.API.STREAM.CREATE.kept", { name: "kept", subjects: ["kept.>"] });
    assert.equal(made["error"], undefined);
    await jetStream(nats, "kept.one", "a");
    await nats.restart();
    await nats.kill();
    await nats.restart();
    const info = await jetStream(nats, "$JS.API.STREAM.INFO.kept");
    assert.equal(Object(info["state"]).messages, 1);
  });

  it("pauses: connections stay and nothing answers; then goes on", async () => {
    const connection = await connect({ servers: nats.url });
    await nats.pause();
    try {
      await assert.rejects(connection.request("$JS.API.INFO", "", { timeout: 200 }), { name: "TimeoutError" });
    } finally {
      await nats.resume();
    }
    await connection.flush();
    await connection.close();
  });

  it("takes 8 MB and no more", async () => {
    const connection = await connect({ servers: nats.url });
    assert.equal(connection.info?.max_payload, 8 * 1024 * 1024);
    await connection.close();
  });

  it("takes configuration and stays two", async () => {
    await using other = await startNats({ config: 'authorization: { token: "t" }' });
    await assert.rejects(connect({ servers: other.url, reconnect: false }));
    assert.notEqual(other.port, nats.port);
  });

  it("says what is wrong with its configuration", async () => {
    await assert.rejects(
      startNats({ config: "nonsense: [" }),
      /nats-server ended at its start:\s+nats-server: Parse error on line 6/,
    );
  });

  it("leaves nothing behind", async () => {
    const other = await startNats();
    const { pid = 0, storeDir } = other;
    await other.stop();
    assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
    assert.equal(existsSync(storeDir), false);
  });
});
