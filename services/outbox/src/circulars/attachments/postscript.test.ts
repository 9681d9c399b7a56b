import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { makeObjectName, readLink, type TokenKeys } from "@tamis/tokens";
import type { KeptLink } from "./kept-draft.ts";
import { postscript } from "./postscript.ts";

const keys: TokenKeys = { current: { id: "aa", secret: Buffer.alloc(32, 1) }, old: [] };
const NOW = new Date("2026-11-26T23:59:00Z");
const link: KeptLink = {
  filename: "Bilan & {{annexes}} <2026>.pdf",
  size: 12_400_000,
  sha256: "ab".repeat(32),
  object: makeObjectName(),
  url: "https://files.example.org/f",
  days: 30,
};
const options = { keys, language: "fr", now: NOW, tracked: false } as const;

describe("what stands below a mail", () => {
  it("is nothing, where there is nothing to say", () => {
    assert.equal(postscript({ links: [], archive: null }, options).texts, null);
  });

  it("names files, sizes, digests and the last day, in text and HTML", () => {
    const { texts } = postscript({ links: [link], archive: null }, options);
    const token = /files\.example\.org\/f\/([a-z0-9.]+)\//.exec(texts?.text ?? "")?.[1] ?? "";
    const url = `https://files.example.org/f/${token}/Bilan%20%26%20%7B%7Bannexes%7D%7D%20%3C2026%3E.pdf`;
    const about = "(12,4\u202fMo, jusqu'au 26 décembre 2026)";
    assert.equal(
      texts?.text,
      `----------\nPièces jointes à télécharger :\n\nBilan & \\{{annexes}} <2026>.pdf ${about}\n${url}\nSHA-256: ${link.sha256}\n`.replace(
        "\u202f",
        texts?.text.includes("\u00a0Mo") ? "\u00a0" : "\u202f",
      ),
    );
    assert.ok(texts?.html.includes(`<a href="${url}">Bilan &#38; \\{{annexes}} &#60;2026&#62;.pdf</a>`), texts?.html);
    assert.ok(texts?.html.includes(`<code>${link.sha256}</code>`));
  });

  it("has links that work to the end of their last day, wherever that is last", () => {
    const { texts } = postscript({ links: [link], archive: null }, options);
    const token = /\/f\/([a-z0-9.]+)\//.exec(texts?.text ?? "")?.[1] ?? "";
    const read = readLink(token, link.filename, keys);
    assert.deepEqual(read, {
      object: link.object,
      filename: link.filename,
      expiresAt: Date.parse("2026-12-27T12:00:00Z"),
      recipient: null,
    });
  });

  it("has links of each recipient's own, where they are followed", () => {
    const links = [link, { ...link, object: makeObjectName() }];
    const { texts, fieldsFor } = postscript({ links, archive: null }, { ...options, tracked: true, language: "en" });
    assert.match(texts?.text ?? "", /12\.4\sMB, until 26 December 2026/);
    assert.match(texts?.html ?? "", /href="https:\/\/files\.example\.org\/f\/\{\{tamis:link:0\}\}\/Bilan/);
    const fields = Object.values(fieldsFor(1_000_000_007));
    assert.equal(fields.length, 2);
    for (const [index, token] of fields.entries()) {
      const read = readLink(token, link.filename, keys);
      assert.deepEqual([read?.object, read?.recipient], [links[index]?.object, "1000000007"]);
    }
  });

  it("says how an archive is opened, and that its password comes in another way", () => {
    const { texts } = postscript({ links: [], archive: "attachments.zip" }, { ...options, language: "en" });
    assert.match(texts?.text ?? "", /^-+\nattachments\.zip is an encrypted archive .* in another way\.\n$/);
    assert.match(texts?.html ?? "", /<p>attachments\.zip is an encrypted/);
  });
});
