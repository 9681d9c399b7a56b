import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BodyRoom, filesIn, readBody, readForm, readJson, SMALL_BODY, textIn } from "./body.ts";
import { Problem } from "./problem.ts";

const request = (body: Body, headers: Record<string, string> = {}): Request =>
  new Request("http://localhost/", { method: "POST", body, headers, duplex: "half" } as RequestInit);
type Body = NonNullable<RequestInit["body"]>;
const isProblem = (code: string) => (error: unknown) => error instanceof Problem && error.code === code;

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield Buffer.alloc(1_000);
}

describe("a body", () => {
  it("is read up to its limit", async () => {
    assert.equal(Buffer.from(await readBody(request("12345"), 5)).toString(), "12345");
    await assert.rejects(readBody(request("123456"), 5), isProblem("too-long"));
    await assert.rejects(readBody(request("1", { "content-length": "9" }), 5), isProblem("too-long"));
    await assert.rejects(readBody(request("1", { "content-length": "none" }), 5), isProblem("too-long"));
  });
  it("that never ends is not waited for", async () => {
    const body = ReadableStream.from(endless()) as unknown as Body;
    await assert.rejects(readBody(request(body), 10_000), isProblem("too-long"));
  });
  it("is JSON in UTF-8, or refused", async () => {
    assert.deepEqual(await readJson(request('{"a":1}'), 100), { a: 1 });
    for (const body of ["{", "", Buffer.from([0x22, 0xff, 0x22])])
      await assert.rejects(readJson(request(body), 100), isProblem("bad-request"));
  });
  it("is no form of a million fields, which would take minutes to read", async () => {
    const plain = new URLSearchParams([["a", "x".repeat(SMALL_BODY)]]);
    await assert.rejects(readForm(request(plain), 10_000_000), isProblem("too-long"));
    const form = new FormData();
    for (let index = 0; index < 301; index++) form.append("a", "");
    await assert.rejects(readForm(request(form), 10_000_000), isProblem("bad-request"));
  });
  it("is a form of either kind, or refused", async () => {
    const form = new FormData();
    form.append("subject", "Rentrée");
    form.append("file", new File(["%PDF"], "note.pdf"));
    form.append("file", new File([], ""));
    const read = await readForm(request(form), 10_000);
    assert.deepEqual([textIn(read, "subject"), textIn(read, "file"), textIn(read, "none")], ["Rentrée", "", ""]);
    assert.deepEqual(
      filesIn(read, "file").map(({ name }) => name),
      ["note.pdf"],
    );
    const encoded = await readForm(request(new URLSearchParams({ a: "é" })), 100);
    assert.equal(textIn(encoded, "a"), "é");
    await assert.rejects(
      readForm(request("a=1", { "content-type": "text/plain" }), 100),
      isProblem("unsupported-type"),
    );
    const broken = { "content-type": "multipart/form-data; boundary=x" };
    await assert.rejects(readForm(request("--y", broken), 100), isProblem("bad-request"));
  });
});

it("long bodies at once have so much room, and give it back", async () => {
  const room = new BodyRoom(10);
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = room.with(6, () => promise);
  await assert.rejects(
    room.with(6, async () => {}),
    isProblem("busy"),
  );
  resolve();
  await first;
  assert.equal(await room.with(10, async () => "in"), "in");
});
