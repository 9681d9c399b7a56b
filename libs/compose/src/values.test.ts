import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeEntities, type Entity, messageText, readMessage } from "@tamis/message";
import fc from "fast-check";
import { type ParsedMail, simpleParser } from "mailparser";
import { keys, signerOf, verdicts } from "../test/dkim-keys.ts";
import { type CircularDraft, compileDraft, renderMail } from "./index.ts";

/** Anything that a column may hold, what means something to some parser most of all. */
const value = fc
  .array(
    fc.oneof(
      { arbitrary: fc.string({ unit: "binary", maxLength: 20 }), weight: 2 },
      fc.constantFrom(
        ...'\r\n|\n|\r|\r\n\r\n|\r\nBcc: x@y.example\r\n|\n.\n|From |=?utf-8?Q?=41?=|=41|=\r\n|\0|\u2028|\u0085|\ud800|<b>|</p>|</title>|-->|<script>alert(1)</script>|&amp;|&lt;|"|\'|" onclick="x|javascript:alert(1)|{{prenom}}|}}|\\{{|--=_|, x@y.example|<x@y.example>|;|:|  |\t| |é|À bientôt|«\u00a0oui\u00a0»|😀|ﬀ|long-mot-sans-fin-'.split(
          "|",
        ),
      ),
      fc.constantFrom("a".repeat(300), "é".repeat(400), " b".repeat(200)),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(""));

const draft: CircularDraft = {
  from: { address: "recteur@academie.example", name: "Le recteur, région" },
  subject: 'Objet [{{x|"rien"}}] fin',
  text: 'Texte [{{x|"rien"}}] fin\n[{{x|"rien"}}]',
  html: '<html><head><title>[{{x|"rien"}}]</title></head><body><p id="a" title="[{{x|&quot;rien&quot;}}]">[{{x|"rien"}}]</p><p><a href="https://x.example/?q={{x|""}}&amp;z=1">un lien</a> <a href=\'{{x|"https://y.example/"}}\'>autre</a></p></body></html>',
  attachments: [{ filename: "a.txt", type: "text/plain", octets: Buffer.from("contenu") }],
  headers: { "X-Note": '[{{x|"rien"}}]' },
};
const compiled = compileDraft(draft);
assert.ok(compiled.ok);
const both = signerOf(keys.rsa, keys.ed25519);

/** What a reader of plain text can be shown of the value: no controls, its line ends, lone surrogates replaced. */
function shown(text: string): string {
  const value = text.trim() === "" ? "rien" : text.trim();
  return value.toWellFormed().replace(/(?![\t\n\r\u0085])\p{Cc}/gu, "");
}

const lines = (text: string): string => text.replace(/\r\n|[\r\n\u0085\u2028\u2029]/g, "\n");
const oneLine = (text: string): string => lines(text).replaceAll("\n", " ").replaceAll("\t", " ");

function render(x: string, name = "", signed = false): Buffer {
  assert.ok(compiled.ok);
  const recipient = { address: "a.b@ecole.example", name, fields: { x } };
  return renderMail(
    compiled.compiled,
    recipient,
    { messageId: "<1@x.example>", date: new Date() },
    signed ? both : null,
  );
}

/** Types of all parts, in their order. */
const structure = (entity: Entity): unknown =>
  entity.children.length === 0 ? entity.type : [entity.type, ...entity.children.map(structure)];

const blank = structure(readMessage(render("")).root);
const names = readMessage(render(""))
  .headerFields()
  .map((field) => field.name);

describe("whatever a field holds", () => {
  it("is what libs/message reads where it stands, and nothing else changes", () => {
    fc.assert(
      fc.property(value, value, (x, name) => {
        const mail = render(x, name);
        const message = readMessage(mail);
        assert.deepEqual(structure(message.root), blank);
        assert.deepEqual(
          message.headerFields().map((field) => field.name),
          names,
        );
        const header = (of: string): string | undefined => message.headers(of)[0]?.text();
        assert.equal(header("subject"), `Objet [${oneLine(shown(x))}] fin`);
        assert.equal(header("x-note"), `[${oneLine(shown(x))}]`);
        const to = message.headers("to")[0]?.addresses();
        assert.deepEqual(
          to?.map(({ address }) => address),
          ["a.b@ecole.example"],
        );
        assert.match(messageText(message), /fin/);
      }),
      { numRuns: 500 },
    );
  });

  it("is what mailparser reads, text and HTML too", async () => {
    await fc.assert(
      fc.asyncProperty(value, value, async (x, name) => {
        const read = await simpleParser(render(x, name), { skipHtmlToText: true, skipTextToHtml: true });
        assert.equal(read.text, `Texte [${lines(shown(x))}] fin\n[${lines(shown(x))}]\n`);
        assert.deepEqual(addressesOf(read), ["a.b@ecole.example"]);
        assert.equal(read.attachments[0]?.content.toString(), "contenu");
        assert.equal(tagsOf(read), tagsOf(await simpleParser(render("mot"))));
        const html = read.html || "";
        assert.equal(attributeOf(html, "title"), `[${lines(shown(x))}]`);
        const said = x.trim() === "" ? "" : shown(x);
        assert.equal(new URL(attributeOf(html, "href")).searchParams.get("q"), said);
      }),
      { numRuns: 300 },
    );
  });

  it("leaves lines of 998 octets at most, no bare CR or LF, ASCII only, and what was signed verifies", async () => {
    await fc.assert(
      fc.asyncProperty(value, value, async (x, name) => {
        const mail = render(x, name, true);
        const text = mail.toString("latin1");
        assert.doesNotMatch(text, /\r(?!\n)|(?<!\r)\n|[^\t\r\n\x20-\x7e]/);
        assert.ok(text.split("\r\n").every((line) => line.length <= 998));
        assert.deepEqual(await verdicts(mail, both), ["rsa-sha256 pass", "ed25519-sha256 pass"]);
      }),
      { numRuns: 100 },
    );
  });
});

function addressesOf({ to }: ParsedMail): readonly (string | undefined)[] {
  return [to ?? []].flat().flatMap(({ value }) => value.map(({ address }) => address));
}

/** The first attribute of that name, as a browser reads it. */
function attributeOf(html: string, name: string): string {
  return decodeEntities(new RegExp(` ${name}="([^"]*)"`).exec(html)?.[1] ?? "");
}

/** The HTML without texts and values: its tags, their attributes, and where links lead without the value. */
function tagsOf({ html }: ParsedMail): string {
  const tags = (html || "").match(/<[^>]*>/g) ?? [];
  return tags
    .filter((tag) => tag !== "<br>")
    .map((tag) => tag.replace(/(["'])[^"']*\1/g, '""'))
    .join("");
}
