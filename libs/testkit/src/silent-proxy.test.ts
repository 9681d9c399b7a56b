import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import { type SilentProxy, silentProxy } from "./silent-proxy.ts";
import { waitFor } from "./wait-for.ts";

describe("silentProxy", () => {
  let echo: Server;
  let proxy: SilentProxy;
  const sockets: Socket[] = [];

  before(async () => {
    echo = createServer((socket) => socket.on("error", () => {}).pipe(socket)).listen(0, "127.0.0.1");
    await once(echo, "listening");
    // A listening server gives an AddressInfo; only pipes give a string.
    proxy = await silentProxy((echo.address() as AddressInfo).port);
  });
  beforeEach(() => proxy.set("pass"));
  after(async () => {
    for (const socket of sockets) socket.destroy();
    await proxy.stop();
    echo.close();
  });

  const open = async (): Promise<Socket> => {
    const socket = connect(proxy.port, "127.0.0.1").on("error", () => {});
    sockets.push(socket);
    await once(socket, "connect");
    return socket;
  };
  const ask = async (socket: Socket, text: string): Promise<string> => {
    socket.write(text);
    return String((await once(socket, "data"))[0]);
  };

  it("passes both ways", async () => {
    assert.equal(await ask(await open(), "hello"), "hello");
  });

  it("ends a connection with its peer", async () => {
    const before = proxy.connections();
    const socket = await open();
    await ask(socket, "a");
    socket.end();
    await once(socket.resume(), "close");
    await waitFor(() => proxy.connections() === before);
  });

  it("falls silent on open connections, which stay so, while new ones pass again", async () => {
    const old = await open();
    await ask(old, "a");
    let heard = "";
    old.on("data", (chunk) => (heard += chunk));
    proxy.set("silent");
    old.write("lost");
    proxy.set("pass");
    old.write("also lost");
    assert.equal(await ask(await open(), "b"), "b");
    assert.equal(heard, "");
    assert.equal(old.destroyed, false);
  });

  it("accepts connections in silence", async () => {
    proxy.set("silent");
    const before = proxy.connections();
    const socket = await open();
    await waitFor(() => proxy.connections() === before + 1);
    assert.equal(socket.readyState, "open");
  });

  it("cuts open and new connections", async () => {
    const old = await open();
    await ask(old, "a");
    const reset = once(old, "error");
    proxy.set("cut");
    assert.equal((await reset)[0].code, "ECONNRESET");
    const [error] = await once(connect(proxy.port, "127.0.0.1"), "error");
    assert.equal(error.code, "ECONNRESET");
    await waitFor(() => proxy.connections() === 0);
  });
});
