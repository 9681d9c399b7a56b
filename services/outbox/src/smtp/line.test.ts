import assert from "node:assert/strict";
import { Socket } from "node:net";
import { describe, it } from "node:test";
import { SmtpLine } from "./line.ts";

const lineOn = (socket = new Socket()) => {
  const line = new SmtpLine(socket);
  const hear = (text: string): void => void socket.emit("data", Buffer.from(text));
  return { line, socket, hear };
};

describe("a line", () => {
  it("gives each of several commands its own time, from the reply before it", async ({ mock }) => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const { line, hear } = lineOn();
    const replies = [line.reply(100), line.reply(100), line.reply(100)];
    for (const reply of replies.slice(0, 2)) {
      mock.timers.tick(90);
      // Half an answer is none.
      hear("250 o");
      hear("k\r\n");
      assert.equal((await reply).code, 250);
    }
    mock.timers.tick(99);
    assert.equal(line.isOpen, true);
    mock.timers.tick(1);
    await assert.rejects(replies[2] ?? Promise.resolve(), {
      name: "ConnectionLost",
      message: /no answer within 100 ms/,
    });
    assert.equal(line.isOpen, false);
  });

  it("times each piece of a mail, and then the answer to it, by itself (RFC 5321 §4.5.3.2)", async ({ mock }) => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const leaving: (() => void)[] = [];
    const write = (_octets: unknown, left: () => void): boolean => leaving.push(left) > 0;
    const { line } = lineOn(Object.assign(new Socket(), { write }));
    const reply = line.reply(100);
    for (let pieces = 0; pieces < 3; pieces++) {
      const flushed = line.flushed(Buffer.from("x"));
      mock.timers.tick(90);
      leaving.shift()?.();
      await flushed;
    }
    mock.timers.tick(99);
    assert.equal(line.isOpen, true);
    void line.flushed(Buffer.from("x"));
    mock.timers.tick(1);
    await assert.rejects(reply, { message: /no answer within 100 ms/ });
  });

  it("waits for nothing between commands", async ({ mock }) => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const { line, hear } = lineOn();
    const reply = line.reply(100);
    hear("220 here\r\n");
    await reply;
    mock.timers.tick(1_000_000);
    assert.equal(line.isOpen, true);
    line.close();
  });

  it("is over when the server speaks unasked", async () => {
    const { line, socket, hear } = lineOn();
    hear("421 4.4.2 too long idle\r\n");
    assert.equal(line.isOpen, false);
    assert.equal(socket.destroyed, true);
    await assert.rejects(line.reply(100), { name: "ConnectionLost" });
  });

  it("is over when the server closes its side: what it said before counts", async () => {
    const { line, socket, hear } = lineOn();
    const replies = [line.reply(60_000), line.reply(60_000)];
    hear("250 ok\r\n");
    socket.emit("end");
    assert.equal((await replies[0])?.code, 250);
    await assert.rejects(replies[1] ?? Promise.resolve(), { name: "ConnectionLost", message: /ended by the server/ });
  });

  it("knows a socket that is gone", async () => {
    const socket = new Socket();
    socket.destroy();
    await assert.rejects(lineOn(socket).line.reply(60_000), { name: "ConnectionLost" });
  });
});
