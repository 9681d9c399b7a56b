import assert from "node:assert/strict";
import { type Duplex, duplexPair } from "node:stream";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type ConnectionLost, ImapConnection, type Untagged } from "./imap-connection.ts";

interface Peer {
  readonly connection: ImapConnection;
  /** What the client wrote so far. */
  readonly written: () => string;
  readonly server: Duplex;
  readonly untagged: string[];
  readonly closed: Promise<ConnectionLost>;
}

function connect(silenceMs = 5_000, doneMs = 5_000): Peer {
  const [client, server] = duplexPair();
  const { promise: closed, resolve: onClosed } = Promise.withResolvers<ConnectionLost>();
  const untagged: string[] = [];
  let written = "";
  server.on("data", (chunk: Buffer) => {
    written += chunk.toString("latin1");
  });
  const connection = new ImapConnection(
    { read: client, write: client, socket: client },
    {
      silenceMs,
      doneMs,
      maxLine: 1_000,
      maxLiteral: 1_000,
      onClosed,
      onUntagged: ({ raw }) => untagged.push(raw.text),
    },
  );
  return { connection, server, written: () => written, untagged, closed };
}

describe("ImapConnection", () => {
  it("answers pipelined commands by their tag, in whatever order", async () => {
    const { connection, server, written } = connect();
    const [one, two] = [connection.command("ONE"), connection.command("TWO")];
    server.write("T2 NO [TryCreate] no\r\nT9 OK stray\r\nT1 OK [COPYUID 1 2 3] done\r\n");
    assert.deepEqual(await two, { status: "NO", code: "TRYCREATE", codeText: "", text: "no" });
    assert.deepEqual(await one, { status: "OK", code: "COPYUID", codeText: "1 2 3", text: "done" });
    assert.equal(written(), "T1 ONE\r\nT2 TWO\r\n");
    connection.close();
  });

  it("shows untagged responses to the running command first", async () => {
    const { connection, server, untagged } = connect();
    const seen: Untagged[] = [];
    const command = connection.command("X", (one) => one.kind === "SEARCH" && seen.push(one) > 0);
    server.write("* 5 exists\r\n* SEARCH 1 2\r\n* nonsense(\r\nT1 OK\r\n");
    await command;
    assert.deepEqual(untagged, ["* 5 exists", "* nonsense("]);
    assert.deepEqual(
      seen.map(({ number, raw, position }) => [number, raw.text.slice(position)]),
      [[0, "1 2"]],
    );
    connection.close();
  });

  it("sends DONE only after the server said +", async () => {
    const { connection, server, written } = connect();
    const idle = connection.idle();
    idle.done();
    idle.done();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(written(), "T1 IDLE\r\n");
    server.write("+ idling\r\nT1 OK\r\n");
    assert.equal((await idle.ended).status, "OK");
    assert.equal(written(), "T1 IDLE\r\nDONE\r\n");
    connection.close();
  });

  it("RFC 9051 §4.3: sends a literal once the server asked for it, to the command that waits for it", async () => {
    const { connection, server, written } = connect();
    const append = connection.command("APPEND {5}", undefined, Buffer.from("a\r\nb\xff", "latin1"));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(written(), "T1 APPEND {5}\r\n");
    server.on("data", () => {
      if (written().endsWith("\xff\r\n")) server.write("T1 OK [APPENDUID 7 9] done\r\n");
    });
    server.write("+ go on\r\n+ again\r\n");
    assert.equal((await append).codeText, "7 9");
    assert.equal(written(), "T1 APPEND {5}\r\na\r\nb\xff\r\n");
    connection.close();
  });

  it("does not send a literal that the server refused unread", async () => {
    const { connection, server, written } = connect();
    const append = connection.command("APPEND {5}", undefined, Buffer.from("12345"));
    server.write("T1 NO [OVERQUOTA] no room\r\n+ late\r\n");
    assert.equal((await append).code, "OVERQUOTA");
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(written(), "T1 APPEND {5}\r\n");
    connection.close();
  });

  it("a literal that goes out slowly is no silence", async () => {
    const { connection, server } = connect(300);
    const literal = Buffer.alloc(2_000_000, "x");
    const append = connection.command(`APPEND {${literal.length}}`, undefined, literal);
    server.pause();
    server.removeAllListeners("data");
    server.write("+ go on\r\n");
    let read = 0;
    const begun = performance.now();
    const slowly = setInterval(() => {
      const chunk: Buffer | null = server.read(64 * 1024) ?? server.read();
      read += chunk?.length ?? 0;
      if (read === literal.length + `T1 APPEND {${literal.length}}\r\n`.length + 2) {
        clearInterval(slowly);
        server.write("T1 OK done\r\n");
      }
    }, 20);
    assert.equal((await append).status, "OK");
    assert.ok(performance.now() - begun > 400, "longer than a silence may be");
    connection.close();
  });

  for (const [what, begin, code] of [
    ["a command is not answered", (peer: Peer) => void peer.connection.command("X").catch(() => undefined), "silent"],
    ["IDLE is not begun", (peer: Peer) => void peer.connection.idle(), "silent"],
    [
      "DONE is not answered",
      (peer: Peer) => {
        const idle = peer.connection.idle();
        peer.server.write("+ idling\r\n");
        setImmediate(() => idle.done());
      },
      "silent",
    ],
    ["the server says BYE", (peer: Peer) => void peer.server.write("* BYE\r\n"), "bye"],
    [
      "the server asks for a pause",
      (peer: Peer) => void peer.server.write("T1 BAD Request is throttled. Suggested Backoff Time: 9 milliseconds\r\n"),
      "throttled",
    ],
    ["the server hangs up", (peer: Peer) => void peer.server.end(), "closed"],
    ["the server sends too much", (peer: Peer) => void peer.server.write("x".repeat(2_000)), "protocol"],
  ] as const)
    it(`is lost when ${what}: every waiting command is told`, async () => {
      const peer = connect(60, 60);
      const waiting =
        what === "IDLE is not begun" || what === "DONE is not answered" ? null : peer.connection.command("Y");
      begin(peer);
      if (waiting !== null) await assert.rejects(waiting, { name: "ConnectionLost", code });
      assert.equal((await peer.closed).code, code);
      assert.equal(peer.connection.closed?.code, code);
      await assert.rejects(peer.connection.command("Z"), { name: "ConnectionLost", code });
    });

  it("stays while an IDLE is quiet", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { connection, server } = connect(20_000, 20_000);
    const idle = connection.idle();
    server.write("+ idling\r\n");
    await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(10_000_000);
    assert.equal(connection.closed, null);
    idle.done();
    server.write("T1 OK\r\n");
    await idle.ended;
    connection.close();
  });

  it("throws nothing whatever the server sends", async () => {
    const line = fc.oneof(
      fc.string({ unit: "binary-ascii" }),
      fc.constantFrom(
        "T1 OK",
        "T1 OK [",
        "T1 NO [X",
        "* ",
        "* 3",
        "* 3 FETCH (",
        "+",
        "* OK [COPYUID",
        "T1",
        "* BYE",
        "T0 OK",
        "{3}",
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 20 }), async (lines) => {
        const { connection, server, closed } = connect();
        const answer = connection.command("X").then(
          () => "answered",
          () => "lost",
        );
        server.end(lines.map((one) => `${one}\r\n`).join(""));
        assert.match(await answer, /answered|lost/);
        await closed;
      }),
      { numRuns: 50 },
    );
  });
});
