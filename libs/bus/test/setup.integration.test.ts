import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { describe, it } from "node:test";
import { FILTER_DURABLE, MAIL, streams } from "@tamis/contracts";
import { startNats, waitFor } from "@tamis/testkit";
import { BusUnusable, connectBus } from "../src/index.ts";
import { bench, bytes, QUEUE } from "./harness.ts";

/** Speaks just enough of the protocol to be connected to. */
async function fakeServer(info: object): Promise<AsyncDisposable & { readonly url: string }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.write(`INFO ${JSON.stringify({ server_id: "fake", headers: true, max_payload: 1_048_576, ...info })}\r\n`);
    socket.on("data", (chunk) => {
      if (chunk.includes("PING")) socket.write("PONG\r\n");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `nats://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

const unusable = (pattern: RegExp) => (error: unknown) => error instanceof BusUnusable && pattern.test(error.message);

describe("a server that cannot serve is refused with what to do", () => {
  for (const version of ["2.9.0", "2.8.4", "1.4.1", "2.9.9"]) {
    it(`version "${version}"`, async () => {
      await using fake = await fakeServer({ version, jetstream: true });
      const attempt = connectBus({ servers: fake.url, name: "test" });
      await assert.rejects(attempt, unusable(/too old: Tamis needs 2\.9\.10 or later/));
    });
  }

  it("no JetStream", async () => {
    await using nats = await startNats({ config: 'accounts { A { users = [{user: "a", password: "b"}] } }' });
    const attempt = connectBus({ servers: nats.url, name: "test", user: "a", password: "b" });
    await assert.rejects(attempt, unusable(/no JetStream/));
  });

  it("wrong credentials", async () => {
    await using nats = await startNats({ config: 'authorization { token: "right" }' });
    await assert.rejects(connectBus({ servers: nats.url, name: "test", token: "wrong" }), unusable(/credentials/));
    const bus = await connectBus({ servers: nats.url, name: "test", token: "right" });
    assert.match(bus.serverVersion, /^\d+\.\d+\.\d+/);
    await bus.close();
  });

  it("a credentials file that is not there", async () => {
    const attempt = connectBus({
      servers: "nats://127.0.0.1:1",
      name: "test",
      credentialsFile: "/nowhere/tamis.creds",
    });
    await assert.rejects(attempt, unusable(/nowhere\/tamis\.creds/));
  });
});

describe("streams", () => {
  it("all of the pipeline's are made, and made again without harm", async () => {
    await using b = await bench();
    await b.bus.ensureStreams(streams);
    await b.bus.publish({ subject: "mail.received.1", payload: bytes("m"), id: "m" });
    await b.bus.ensureStreams(streams);
    assert.equal((await b.bus.streamState("MAIL")).messages, 1);
    assert.equal(await b.bus.hasConsumer(MAIL.name, FILTER_DURABLE), true, "MAIL comes with its durable");
    assert.equal(await b.bus.hasConsumer(MAIL.name, "other"), false);
    assert.equal(await b.bus.hasConsumer("NOTHING", "other"), false);
    await assert.rejects(b.bus.streamState("NOTHING"), BusUnusable);
  });

  it("changed limits are brought up to date, with the messages kept", async () => {
    await using b = await bench();
    await b.bus.ensureStreams([QUEUE]);
    await b.bus.publish({ subject: "queue.1", payload: bytes("m"), id: "m" });
    await b.bus.ensureStreams([{ ...QUEUE, maxBytes: 100, discard: "new" }]);
    await assert.rejects(b.bus.publish({ subject: "queue.1", payload: bytes("x".repeat(200)), id: "n" }), {
      code: "full",
    });
    assert.equal((await b.bus.streamState("QUEUE")).messages, 1);
  });

  it("what cannot be changed is refused with what to do", async () => {
    await using b = await bench();
    await b.bus.ensureStreams([{ ...QUEUE, retention: "limits" }]);
    await assert.rejects(
      b.bus.ensureStreams([QUEUE]),
      unusable(/QUEUE has retention limits and needs workqueue.*delete/),
    );
  });

  it("no room on the disk is said so", async () => {
    await using b = await bench();
    const huge = { ...QUEUE, maxBytes: 1_000 * 1024 ** 3 };
    await assert.rejects(b.bus.ensureStreams([huge]), unusable(/max_file/));
  });

  it("subjects of another stream are refused", async () => {
    await using b = await bench();
    await b.bus.ensureStreams([QUEUE]);
    await assert.rejects(
      b.bus.ensureStreams([{ ...QUEUE, name: "OTHER" }]),
      unusable(/OTHER cannot be created.*overlap/),
    );
  });

  it("two instances that begin together do not disturb each other", async () => {
    await using b = await bench();
    const other = await b.connect();
    await Promise.all([b.bus.ensureStreams(streams), other.ensureStreams(streams)]);
    assert.equal(await other.hasConsumer(MAIL.name, FILTER_DURABLE), true);
  });
});

describe("durables", () => {
  const spec = { filter: "queue.1", ackWaitMs: 2_000, maxAckPending: 8 };

  it("are brought up to date where that is possible, with their position kept", async () => {
    await using b = await bench();
    await b.bus.ensureStreams([QUEUE]);
    await b.bus.ensureConsumer("QUEUE", "one", spec);
    for (let i = 0; i < 3; i++) await b.bus.publish({ subject: "queue.1", payload: bytes(`${i}`), id: `${i}` });
    const seen: number[] = [];
    const consumption = await b.bus.consume({
      stream: "QUEUE",
      durable: "one",
      concurrency: 1,
      handle: async (delivery) => void seen.push(delivery.seq),
    });
    await waitFor(() => seen.length === 3);
    await consumption.stop();
    await b.bus.ensureConsumer("QUEUE", "one", { ...spec, ackWaitMs: 3_000, maxAckPending: 16 });
    assert.deepEqual(await b.bus.backlog("QUEUE", "one"), { pending: 0, ackPending: 0, redelivered: 0 });
  });

  it("with another filter are refused, never overwritten", async () => {
    await using b = await bench();
    await b.bus.ensureStreams([QUEUE]);
    await b.bus.ensureConsumer("QUEUE", "one", spec);
    const other = { ...spec, filter: "queue.2" };
    await assert.rejects(
      b.bus.ensureConsumer("QUEUE", "one", other),
      unusable(/filter is "queue.1", wanted "queue.2".*delete/),
    );
    await b.bus.ensureConsumer("QUEUE", "one", spec);
  });

  it("that overlap on a work queue are refused", async () => {
    await using b = await bench();
    await b.bus.ensureStreams([QUEUE]);
    await b.bus.ensureConsumer("QUEUE", "one", spec);
    await assert.rejects(b.bus.ensureConsumer("QUEUE", "two", spec), unusable(/two on QUEUE cannot be created/));
  });

  it("must exist before they are consumed", async () => {
    await using b = await bench();
    const attempt = b.bus.consume({ stream: "QUEUE", durable: "one", concurrency: 1, handle: async () => undefined });
    await assert.rejects(attempt, unusable(/ensureConsumer/));
  });

  it("that vanish are said so, and consumed again when they are back", async () => {
    await using b = await bench();
    const { jetstreamManager } = await import("@nats-io/jetstream");
    const { connect } = await import("@nats-io/transport-node");
    await b.bus.ensureStreams([QUEUE]);
    await b.bus.ensureConsumer("QUEUE", "one", spec);
    const seen: number[] = [];
    const consumption = await b.bus.consume({
      stream: "QUEUE",
      durable: "one",
      concurrency: 1,
      handle: async (delivery) => void seen.push(delivery.seq),
    });
    const operator = await connect({ servers: b.nats.url });
    await (await jetstreamManager(operator)).consumers.delete("QUEUE", "one");
    await operator.close();
    await waitFor(() => b.log.lines.some((line) => line.event === "consume-interrupted"));
    await b.bus.ensureConsumer("QUEUE", "one", spec);
    await b.bus.publish({ subject: "queue.1", payload: bytes("back"), id: "back" });
    await waitFor(() => seen.length === 1);
    await consumption.stop();
  });
});
