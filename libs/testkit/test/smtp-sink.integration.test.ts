import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { describe, it } from "node:test";
import { type DataAnswer, startSmtpSink } from "../src/index.ts";

/** Says what it is given line by line, whatever is answered, and hands back everything that was heard until the end. */
function say(port: number, lines: readonly string[]): Promise<string> {
  const socket: Socket = connect({ port, host: "127.0.0.1" });
  let heard = "";
  const left = [...lines];
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    heard += chunk;
    // One answer, one line: the last line of an answer has a blank behind its code.
    if (/^\d{3} [^\n]*\n$/m.test(chunk.slice(chunk.lastIndexOf("\n", chunk.length - 2) + 1)))
      socket.write(`${left.shift() ?? "QUIT"}\r\n`);
  });
  socket.on("error", () => {});
  return new Promise((resolve) => socket.once("close", () => resolve(heard)));
}

const mail = (to: string): readonly string[] => [
  "EHLO test",
  "MAIL FROM:<> BODY=8BITMIME",
  `RCPT TO:<${to}>`,
  "DATA",
  "Subject: x\r\n\r\n..dot\r\n.",
];

describe("the SMTP sink", { timeout: 30_000 }, () => {
  it("keeps what it is given, parameters included", async () => {
    await using sink = await startSmtpSink();
    await say(sink.port, mail("a@example.org"));
    const [kept] = await sink.received(1);
    assert.deepEqual([kept?.from, kept?.to, kept?.secure], ["", ["a@example.org"], false]);
    assert.equal(kept?.raw.toString(), "Subject: x\r\n\r\n.dot\r\n");
    assert.deepEqual({ ...kept?.mailParameters }, { BODY: "8BITMIME" });
  });

  it("keeps nothing where it is told so, and accepts all the same", async () => {
    await using sink = await startSmtpSink({ keep: false });
    const heard = await say(sink.port, mail("a@example.org"));
    assert.match(heard.slice(heard.indexOf("\n354")), /^250 /m);
    assert.deepEqual(sink.mails, []);
  });

  it("refuses recipients and mails as it is told", async () => {
    await using sink = await startSmtpSink();
    sink.answer({ recipient: (address) => (address.startsWith("a") ? "450 4.2.0 busy" : undefined) });
    assert.match(await say(sink.port, mail("a@example.org")), /^450 4\.2\.0 busy/m);
    sink.answer({ data: () => "552 5.2.2 full" });
    assert.match(await say(sink.port, mail("b@example.org")), /^552 5\.2\.2 full/m);
    assert.equal(sink.mails.length, 0);
  });

  for (const { answer, kept, answered } of [
    { answer: "cut", kept: 0, answered: false },
    { answer: "keep-and-cut", kept: 1, answered: false },
    { answer: "accept-and-cut", kept: 1, answered: true },
  ] as const satisfies readonly { readonly answer: DataAnswer; readonly kept: number; readonly answered: boolean }[])
    it(`can ${answer}`, async () => {
      await using sink = await startSmtpSink();
      sink.answer({ data: () => answer });
      const heard = await say(sink.port, mail("a@example.org"));
      const afterData = heard.slice(heard.indexOf("\n354") + 1);
      assert.deepEqual([sink.mails.length, /^250 /m.test(afterData)], [kept, answered]);
    });

  it("goes down and comes up again on its port, with what it kept", async () => {
    await using sink = await startSmtpSink();
    await say(sink.port, mail("a@example.org"));
    await sink.down();
    assert.equal(await say(sink.port, mail("b@example.org")), "");
    await sink.up();
    await say(sink.port, mail("c@example.org"));
    assert.deepEqual(
      (await sink.received(2)).flatMap(({ to }) => to),
      ["a@example.org", "c@example.org"],
    );
  });
});
