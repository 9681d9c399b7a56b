import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { it } from "node:test";
import { freePorts, waitFor } from "@tamis/testkit";
import { Hono } from "hono";
import type { Env } from "./asked.ts";
import { openServer } from "./open-server.ts";

it("whoever asks and does not read is cut off, and nothing goes on for them", { timeout: 20_000 }, async () => {
  const [port = 0] = await freePorts(1);
  let ended = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.alloc(65_536);
    } finally {
      ended = true;
    }
  }
  const app = new Hono<Env>();
  app.get("/", (c) => c.body(ReadableStream.from(endless())));
  const server = await openServer({
    app,
    listen: [{ host: "127.0.0.1", port }],
    certificate: null,
    connections: 10,
    connectionsPerAddress: 10,
    isTrusted: () => false,
    idleMs: 200,
    log: { info() {}, error() {} },
  });
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await waitFor(() => ended, { timeoutMs: 10_000, describe: "the end of what nobody reads" });
  socket.destroy();
  await server.stop();
  assert.ok(ended);
});
