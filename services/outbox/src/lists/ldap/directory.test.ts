import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { it } from "node:test";
import { ListFault } from "../list-fault.ts";
import { Directory } from "./directory.ts";

/** RFC 4511 §4.1.1: the end of a search that found nothing, for a message of this number. */
const nothingFound = (messageId: number): Buffer =>
  Buffer.from([0x30, 12, 2, 1, messageId, 0x65, 7, 10, 1, 0, 4, 0, 4, 0]);

it("goes on in no other connection than its first: in another it would be nobody", async (context) => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("data", (data) => socket.write(nothingFound(data[data.indexOf(2) + 2] ?? 1)));
  });
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const directory = new Directory({
    ...{ url: `ldap://127.0.0.1:${address.port}`, tls: "none" },
    ...{ timeout_ms: 5_000, page_size: 10 },
  });
  const search = () =>
    directory.search("school:x", { base: "dc=x", scope: "sub", filter: "(a=b)", attributes: ["a"], most: 10 });
  assert.deepEqual(await search(), []);
  const closed = new Promise((resolve) => sockets[0]?.once("close", resolve));
  sockets[0]?.end();
  await closed;
  await assert.rejects(search(), (error) => error instanceof ListFault && error.code === "away");
  assert.equal(sockets.length, 1);
  await directory.close();
});
