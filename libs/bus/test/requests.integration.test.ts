import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { connect, headers, type Msg } from "@nats-io/transport-node";
import { headerNames, subjects } from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";
import { RetryLater } from "../src/index.ts";
import { bench, bytes, text } from "./harness.ts";

const retry = (code: string) => (error: unknown) => error instanceof RetryLater && error.code === code;

describe("requests", () => {
  it("are answered, with headers both ways", async () => {
    await using b = await bench();
    const responder = await b.connect();
    const stoppable = await responder.respond("mailbox.fetch.*", ({ subject, payload, header }) => ({
      payload: bytes(`${subject} ${text(payload)} ${header("X-Ask")}`),
      headers: { [headerNames.status]: "ok", [headerNames.total]: "42" },
    }));
    const reply = await b.bus.request(subjects.mailboxFetch(7), bytes("please"), {
      timeoutMs: 20_000,
      headers: { "X-Ask": "h" },
    });
    assert.equal(text(reply.payload), "mailbox.fetch.7 please h");
    assert.equal(reply.header(headerNames.status), "ok");
    assert.equal(reply.header(headerNames.total), "42");
    assert.equal(reply.header("absent"), undefined);
    await stoppable.stop();
    const after = b.bus.request(subjects.mailboxFetch(7), bytes(""), { timeoutMs: 20_000 });
    await assert.rejects(after, retry("unreachable"));
  });

  it("travel compressed where that is asked for, and arrive as they were", async () => {
    await using b = await bench();
    const long = "Bonjour à toutes et à tous. ".repeat(5_000);
    const onWire: number[] = [];
    const tap = await connect({ servers: b.nats.url });
    tap.subscribe("ask.3", { callback: (_, message) => void onWire.push(message.data.length) });
    await tap.flush();
    const responder = await b.bus.respond("ask.3", ({ payload }) => ({ payload }));
    const reply = await b.bus.request("ask.3", bytes(long), { timeoutMs: 20_000, compress: true });
    assert.equal(text(reply.payload), long);
    await waitFor(() => onWire.length > 0, { describe: "what travelled" });
    assert.ok((onWire[0] ?? 0) < long.length / 10);
    await Promise.all([responder.stop(), tap.close()]);
  });

  it("that nobody answers, or not in time, or that fail, are RetryLater", async () => {
    await using b = await bench();
    const ask = (timeoutMs: number) => b.bus.request("ask.1", bytes(""), { timeoutMs });
    await assert.rejects(ask(1_000), retry("unreachable"));
    const open = Promise.withResolvers<{ payload: Uint8Array }>();
    const slow = await b.bus.respond("ask.1", () => open.promise);
    await assert.rejects(ask(50), retry("unreachable"));
    open.resolve({ payload: bytes("late") });
    await slow.stop();
    const broken = await b.bus.respond("ask.1", () => {
      throw new Error("broken");
    });
    await assert.rejects(ask(1_000), retry("failed"));
    await broken.stop();
    const tooMuch = await b.bus.respond("ask.1", () => ({ payload: new Uint8Array(9 * 1024 * 1024) }));
    await assert.rejects(ask(300), retry("unreachable"));
    await tooMuch.stop();
  });

  it("take parts of an answer ahead of it, in order, where they want them", async () => {
    await using b = await bench();
    const seen: unknown[] = [];
    await b.bus.respond("ask.1", async (_, sendPart) => {
      seen.push(sendPart === undefined);
      for (const part of ["one", "two"]) sendPart?.(bytes(part));
      await Promise.resolve();
      return { payload: bytes("whole") };
    });
    const asker = await b.connect();
    const parts: string[] = [];
    const onPart = (payload: Uint8Array) => void parts.push(text(payload));
    const reply = await asker.request("ask.1", bytes(""), { timeoutMs: 20_000, onPart });
    assert.deepEqual([parts, text(reply.payload)], [["one", "two"], "whole"]);
    await asker.request("ask.1", bytes(""), { timeoutMs: 20_000 });
    assert.deepEqual([seen, parts.length], [[false, true], 2]);
    const unread = asker.request("ask.1", bytes(""), {
      timeoutMs: 20_000,
      onPart: () => {
        throw new Error("unreadable");
      },
    });
    await assert.rejects(unread, retry("unreachable"));
    await assert.rejects(asker.request("ask.2", bytes(""), { timeoutMs: 20_000, onPart }), retry("unreachable"));
  });

  it("are given up soon after who was at the answer is gone, and not while it lives", async () => {
    await using b = await bench();
    const answered = Promise.withResolvers<void>();
    const living = await b.connect();
    await living.respond("ask.1", async (_, sendPart) => {
      sendPart?.(bytes("part"));
      await answered.promise;
      return { payload: bytes("whole") };
    });
    const signs = Promise.withResolvers<void>();
    let seen = 0;
    const tap = await connect({ servers: b.nats.url });
    const callback = (_: unknown, message: Msg): void => {
      if (message.headers?.get(headerNames.status) === "alive" && ++seen === 6) signs.resolve();
    };
    tap.subscribe("_INBOX.>", { callback });
    await tap.flush();
    const asker = await b.connect();
    const ask = (subject: string, onPart?: (payload: Uint8Array) => void) =>
      asker.request(subject, bytes(""), { timeoutMs: 60_000, signsEveryMs: 100, onPart });
    const parts: string[] = [];
    const asked = ask("ask.1", (payload) => void parts.push(text(payload)));
    // Longer than it could have been silent.
    await signs.promise;
    answered.resolve();
    assert.deepEqual([text((await asked).payload), parts], ["whole", ["part"]]);
    const dying = await b.connect();
    await dying.respond("ask.2", () => {
      void dying.close();
      return new Promise(() => {});
    });
    await assert.rejects(ask("ask.2"), (error: unknown) => {
      assert.ok(error instanceof RetryLater);
      return error.code === "unreachable" && /no sign of life for 400 ms/.test(error.message);
    });
    await tap.close();
  });

  it("wait as long as they say for one who shows no life, as those did who knew of none", async () => {
    await using b = await bench();
    const raw = await connect({ servers: b.nats.url });
    const { promise: asked, resolve: tellAsked } = Promise.withResolvers<Msg>();
    raw.subscribe("ask.1", { callback: (_, message) => tellAsked(message) });
    await raw.flush();
    const parts: string[] = [];
    const onPart = (payload: Uint8Array) => void parts.push(text(payload));
    const reply = b.bus.request("ask.1", bytes(""), { timeoutMs: 20_000, signsEveryMs: 10, onPart });
    const part = headers();
    part.set(headerNames.status, "part");
    (await asked).respond(bytes("part"), { headers: part });
    await waitFor(() => parts.length > 0);
    const cameAt = performance.now();
    // Its part was no sign: many might have been missed since.
    await waitFor(() => performance.now() - cameAt > 200);
    const told = headers();
    told.set(headerNames.parts, "1");
    (await asked).respond(bytes("whole"), { headers: told });
    assert.equal(text((await reply).payload), "whole");
    await raw.close();
  });

  it("ask for signs of life only where an answer may take long", async () => {
    await using b = await bench();
    await b.bus.respond("ask.1", ({ header }) => ({ payload: bytes(header(headerNames.alive) ?? "none") }));
    const asker = await b.connect();
    const told = async (timeoutMs: number) => text((await asker.request("ask.1", bytes(""), { timeoutMs })).payload);
    assert.deepEqual([await told(15_000), await told(15_001)], ["none", "2500"]);
  });

  it("take no parts any more when nobody waits for the answer", async () => {
    await using b = await bench();
    const { promise: asked, resolve: tellAsked } = Promise.withResolvers<(payload: Uint8Array) => void>();
    const { promise: end, resolve: answer } = Promise.withResolvers<void>();
    await b.bus.respond("ask.1", async (_, sendPart) => {
      if (sendPart !== undefined) tellAsked(sendPart);
      await end;
      return { payload: bytes("late") };
    });
    const asker = await b.connect();
    const parts: Uint8Array[] = [];
    const onPart = (payload: Uint8Array) => void parts.push(payload);
    await assert.rejects(asker.request("ask.1", bytes(""), { timeoutMs: 100, onPart }), retry("unreachable"));
    (await asked)(bytes("late"));
    answer();
    await asker.rtt();
    assert.deepEqual(parts, []);
  });

  it("are no answer where a part of it was lost", async () => {
    await using b = await bench();
    const raw = await connect({ servers: b.nats.url });
    raw.subscribe("ask.1", {
      callback: (_, message) => {
        const told = headers();
        told.set(headerNames.parts, "1");
        message.respond(bytes("whole"), { headers: told });
      },
    });
    await raw.flush();
    const asked = b.bus.request("ask.1", bytes(""), { timeoutMs: 20_000, onPart: () => {} });
    await assert.rejects(asked, retry("unreachable"));
    await raw.close();
  });

  it("are answered over the same connection without a way through the server, where the responder is near", async () => {
    await using b = await bench();
    const passed: unknown[] = [];
    const tap = await connect({ servers: b.nats.url });
    tap.subscribe("ask.1", { callback: (_, message) => void passed.push(message) });
    await tap.flush();
    let answer = async (payload: Uint8Array): Promise<Uint8Array> => payload;
    const responder = await b.bus.respond(
      "ask.1",
      async ({ payload, header, subject }, sendPart) => {
        sendPart?.(bytes("part"));
        return { payload: await answer(payload), headers: { [headerNames.status]: `${subject} ${header("X-Ask")}` } };
      },
      { queue: "ask", near: true },
    );
    const ask = (timeoutMs = 20_000) =>
      b.bus.request("ask.1", bytes("x"), {
        timeoutMs,
        headers: { "X-Ask": "h" },
        onPart: (part) => void parts.push(text(part)),
      });
    const parts: string[] = [];
    const reply = await ask();
    assert.deepEqual([text(reply.payload), reply.header(headerNames.status), parts], ["x", "ask.1 h", ["part"]]);
    answer = () => Promise.reject(new Error("broken"));
    await assert.rejects(ask(), retry("failed"));
    answer = () => new Promise(() => {});
    await assert.rejects(ask(20), retry("unreachable"));
    answer = async (payload) => payload;
    await tap.flush();
    assert.deepEqual(passed, []);
    const far = await b.connect();
    assert.equal(text((await far.request("ask.1", bytes("y"), { timeoutMs: 20_000 })).payload), "y");
    await responder.stop();
    await assert.rejects(ask(200), retry("unreachable"));
    await tap.close();
  });

  it("to all: every answer within the window, a failed one left out", async () => {
    await using b = await bench();
    assert.deepEqual(await b.bus.requestAll(subjects.mailboxStatus, bytes(""), { windowMs: 100 }), []);
    for (const name of ["one", "two", "three"]) {
      const instance = await b.connect({ name });
      await instance.respond(subjects.mailboxStatus, () => {
        if (name === "three") throw new Error("broken");
        return { payload: bytes(name) };
      });
    }
    const replies = await b.bus.requestAll(subjects.mailboxStatus, bytes(""), { windowMs: 300 });
    assert.deepEqual(replies.map((reply) => text(reply.payload)).toSorted(), ["one", "two"]);
  });

  it("are answered once by those that share a queue", async () => {
    await using b = await bench();
    let answered = 0;
    for (const name of ["one", "two"]) {
      const instance = await b.connect({ name });
      await instance.respond("ask.1", () => ({ payload: bytes(`${++answered}`) }), { queue: "ask" });
    }
    const replies = await b.bus.requestAll("ask.1", bytes(""), { windowMs: 300 });
    assert.deepEqual([replies.length, answered], [1, 1]);
  });

  it("are answered again after a restart", async () => {
    await using b = await bench();
    const responder = await b.connect();
    await responder.respond("ask.1", () => ({ payload: bytes("here") }));
    await b.nats.kill();
    await b.nats.restart();
    await waitFor(() => responder.isConnected() && b.bus.isConnected());
    const reply = await waitFor(() => b.bus.request("ask.1", bytes(""), { timeoutMs: 1_000 }));
    assert.equal(text(reply.payload), "here");
  });
});
