import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { htmlToText } from "./html.ts";

const cases: readonly { readonly name: string; readonly html: string; readonly want: string }[] = [
  { name: "plain text", html: "a\n  b", want: "a b" },
  { name: "inline markup", html: "a<b>b</b><i>c</i> d", want: "abc d" },
  { name: "blocks", html: "<p>a</p><div>b<br>c</div>d", want: "a\n\nb\nc\nd" },
  { name: "tables", html: "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", want: "a b\n\nc" },
  { name: "references", html: "&lt;&eacute;&#233;&#xE9;&euro;&nbsp;&#128;&amp;lt;", want: "<ééé€ €&lt;" },
  { name: "references without semicolon", html: "&eacute &copy &rarr &foo; AT&T", want: "é © &rarr &foo; AT&T" },
  { name: "impossible references", html: "&#0;&#xD800;&#99999999;", want: "\uFFFD\uFFFD\uFFFD" },
  { name: "scripts and styles", html: "a<style>b{}</style><script>if (x<y) z()</script>c", want: "a\n\nc" },
  { name: "the title and comments", html: "<title>t</title><!-- <b>x</b> -->a<!--[if mso]>y<![endif]-->b", want: "ab" },
  { name: "quotes around >", html: `<a title="x>y" href='>'>b</a>`, want: "b" },
  { name: "an apostrophe in a tag", html: "<a href=x o'clock>b</a> c", want: "b c" },
  { name: "an unclosed quote", html: '<a href="x>b</a> c', want: "b c" },
  { name: "an unclosed tag", html: "a <b", want: "a <b" },
  { name: "an unclosed comment", html: "a<!-- b > c", want: "a c" },
  { name: "an unclosed script", html: "a<script>b", want: "ab" },
  { name: "less-than signs in text", html: "1 < 2 <3 a<>b", want: "1 < 2 <3 a<>b" },
  { name: "upper case and self-closing tags", html: "a<BR/>b<SCRIPT>x</Script >c", want: "a\nb\nc" },
  { name: "a word broken by markup", html: "V<font size=0>x</font>i<!-- -->a", want: "Vxia" },
  { name: "a letter whose lower case is longer", html: "İ<script>x</script>b", want: "İ\nb" },
];

describe("htmlToText", () => {
  for (const { name, html, want } of cases) {
    it(name, () => assert.equal(htmlToText(html).replace(/\n+/g, "\n"), want.replace(/\n+/g, "\n")));
  }

  it("reads back what it is printed from", () => {
    const text = fc.stringMatching(/^[!-~é€]{1,20}( [!-~é€]{1,9})*$/);
    fc.assert(
      fc.property(text, (words) => {
        const html = words.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
        assert.equal(htmlToText(`<html><body><p class="x">${html}</p></body></html>`), words);
      }),
    );
  });

  it("never throws and always ends", () => {
    const pieces = fc.constantFrom(
      "<",
      ">",
      "</",
      "<!--",
      "-->",
      "<p",
      "<script",
      '"',
      "'",
      "=",
      "/",
      " ",
      "&",
      "#x",
      "é",
      ";",
      "\n",
    );
    fc.assert(fc.property(fc.array(pieces, { maxLength: 60 }), (all) => typeof htmlToText(all.join("")) === "string"));
  });

  it("says tags, keeps preformatted lines and spaces that do not break, where it is asked to", () => {
    const html = "<P>a&nbsp;: <a href='x'>b</a><br/>c</p><script>d</script><!-- <i> --><pre>e\n  f</pre>";
    const told: string[] = [];
    const spoken = htmlToText(html, {
      tagText: ({ name, isEnd, attributes, start, end }) => {
        told.push(`${isEnd ? "/" : ""}${name}`);
        assert.equal(html.slice(start, end).replace(attributes, "").toLowerCase(), isEnd ? `</${name}>` : `<${name}>`);
        return name === "a" ? (isEnd ? "&gt;\n" : "") : null;
      },
    });
    assert.equal(spoken, "a\u00a0: b>\n\nc\n\ne\nf");
    assert.deepEqual(told, ["p", "a", "/a", "br", "/p", "pre", "/pre"]);
    assert.equal(htmlToText(html), "a : b\nc\n\ne f");
  });

  it("takes time in proportion to hostile input", { timeout: 20_000 }, () => {
    for (const piece of ["<", "<!--", "<a ", '<a "', '<a ">', "<script>", "</", "&", "&#", "<a\n", "<p>", "<style>x"]) {
      htmlToText(piece.repeat(500_000 / piece.length));
    }
  });
});
