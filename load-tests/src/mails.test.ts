import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Entity, type Message, readMessage, walk } from "@tamis/message";
import { generateMails, type Mail } from "./mails.ts";

const OPTIONS = { seed: 7, minBytes: 2_000, maxBytes: 60_000, multipartShare: 0.44 };

describe("generateMails", () => {
  const mails = generateMails(300, OPTIONS);
  const read = mails.map((mail): [Mail, Message] => [mail, readMessage(mail.raw)]);

  it("makes the same mail of the same seed, and other mail of another", () => {
    const again = generateMails(20, OPTIONS);
    assert.deepEqual(again, mails.slice(0, 20));
    assert.notDeepEqual(generateMails(1, { ...OPTIONS, seed: 8 }), again.slice(0, 1));
  });

  it("keeps to the sizes and the share of multiparts", () => {
    const sizes = mails.map(({ raw }) => raw.length);
    assert.ok(Math.min(...sizes) >= 1_400 && Math.max(...sizes) <= 61_000);
    assert.ok(sizes.filter((size) => size > 30_000).length > 90);
    const multiparts = mails.filter(({ multipart }) => multipart).length;
    assert.ok(multiparts > 105 && multiparts < 160);
  });

  it("writes what it says it wrote", () => {
    for (const [mail, message] of read) {
      assert.equal(message.headers("subject")[0]?.text(), mail.subject);
      assert.equal(message.headers("from")[0]?.addresses()[0]?.address, mail.from);
      assert.equal(message.headers("list-id")[0]?.raw() ?? null, mail.listId === null ? null : `<${mail.listId}>`);
      assert.equal(message.root.type.startsWith("multipart/"), mail.multipart);
      const attachments = [...walk(message.root)].filter(({ disposition }) => disposition === "attachment");
      assert.equal(attachments.length, mail.attachments);
      assert.ok(attachments.every(({ filename }) => filename !== null && !filename.includes("=?")));
    }
  });

  it("writes lines as the wire wants them", () => {
    for (const { raw } of mails) {
      const lines = raw.toString("latin1").split("\r\n");
      assert.ok(lines.every((line) => line.length <= 998 && !/[\r\n]/.test(line)));
    }
  });

  it("writes text that decodes, in all encodings and both languages", () => {
    const seen = new Set<string>();
    for (const [{ language }, message] of read) {
      for (const entity of walk(message.root)) checkText(entity, language, seen);
    }
    for (const want of [
      "fr",
      "en",
      "base64",
      "quoted-printable",
      "8bit",
      "7bit",
      "utf-8",
      "iso-8859-1",
      "windows-1252",
    ]) {
      assert.ok(seen.has(want), want);
    }
  });
});

function checkText(entity: Entity, language: string, seen: Set<string>): void {
  if (!entity.type.startsWith("text/")) return;
  const text = entity.text();
  assert.ok(!text.includes("\uFFFD") && !/Ã|=E9/.test(text));
  for (const fact of [language, entity.transferEncoding, entity.parameters.get("charset") ?? ""]) seen.add(fact);
}
