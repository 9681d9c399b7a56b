import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { seen } from "../test/mail-of.ts";
import type { CircularDraft } from "./index.ts";

const fields = { prenom: "Zoé <b>", code: "a b&c/é", lien: "https://x.example/?a=1&b='2'", nom: "O'Neill & Cie" };

interface Case {
  readonly name: string;
  readonly draft: Partial<CircularDraft>;
  readonly plain?: string;
  /** What has to stand in the HTML. */
  readonly html?: string;
}

const cases: readonly Case[] = [
  { name: "a text alone", draft: { text: "Bonjour {{prenom}},\nà lundi." }, plain: "Bonjour Zoé <b>,\nà lundi.\n" },
  {
    name: "a default in French quotes",
    draft: { text: "Bonjour {{ x | « cher collègue » }} !" },
    plain: "Bonjour cher collègue !\n",
  },
  { name: "a default with quotes in it", draft: { text: 'a {{x|"\\"b\\" \\\\"}}' }, plain: 'a "b" \\\n' },
  { name: "a default in typographic quotes", draft: { text: "a {{x|“b c”}}" }, plain: "a b c\n" },
  { name: "an empty default", draft: { text: 'a{{x|""}}b' }, plain: "ab\n" },
  {
    name: "braces that are no field",
    draft: { text: "\\{{prenom}} {{prenom}} {a}" },
    plain: "{{prenom}} Zoé <b> {a}\n",
  },
  {
    name: "a field whose name has blanks and accents",
    draft: { text: 'x {{ Code UAI (été) | "-" }}' },
    plain: "x -\n",
  },
  { name: "line ends of all systems", draft: { text: "a\rb\r\nc\nd\n\n\n" }, plain: "a\nb\nc\nd\n" },
  {
    name: "French typography",
    draft: { text: "Attention\u00a0: «\u202foui\u202f» !" },
    plain: "Attention\u00a0: «\u202foui\u202f» !\n",
  },
  {
    name: "HTML, and the text that it says",
    draft: { html: "<p>Bonjour&nbsp;: <b>{{prenom}}</b></p><p>Voir <a href='https://x.example/'>la page</a>.</p>" },
    plain: "Bonjour\u00a0: Zoé <b>\n\nVoir la page (https://x.example/).\n",
    html: "<b>Zoé &lt;b&gt;</b>",
  },
  {
    name: "both given",
    draft: { text: "texte {{nom}}", html: "<p>HTML {{nom}}</p>" },
    plain: "texte O'Neill & Cie\n",
    html: "<p>HTML O&#39;Neill &amp; Cie</p>",
  },
  {
    name: "a field in an attribute",
    draft: { html: '<p title="Pour {{nom}}">a</p>' },
    html: 'title="Pour O&#39;Neill &amp; Cie"',
  },
  {
    name: "a default as editors of HTML write it",
    draft: { html: "<p>{{x|&quot;cher&nbsp;collègue&quot;}}</p>" },
    html: "<p>cher\u00a0collègue</p>",
  },
  {
    name: "a field in a URL, and in the text beside it",
    draft: { html: '<a href="https://x.example/p?c={{code}}&amp;z=1">lien</a>' },
    plain: "lien (https://x.example/p?c=a%20b%26c%2F%C3%A9&z=1)\n",
    html: '"https://x.example/p?c=a%20b%26c%2F%C3%A9&amp;z=1"',
  },
  {
    name: "a field that is a URL",
    draft: { html: '<a href="{{lien}}">lien</a>' },
    plain: "lien (https://x.example/?a=1&b=%272%27)\n",
    html: '"https://x.example/?a=1&amp;b=%272%27"',
  },
  { name: "a field that is no URL of the web", draft: { html: '<a href="{{prenom}}">lien</a>' }, html: '<a href="#">' },
  {
    name: "a program as a URL",
    draft: { html: `<a href='{{x|"javascript:alert(1)"}}'>lien</a>` },
    html: "<a href='#'>",
  },
  {
    name: "an address",
    draft: { html: '<a href="mailto:{{x|&quot;a@b.example&quot;}}">écrire</a>' },
    html: "mailto:a%40b.example",
  },
  {
    name: "lists, images, rules, tables and preformatted text, as text",
    draft: {
      html: '<ul><li>un</li>\n<li>deux</li></ul><img src="cid:a" alt="Logo"><hr><table><tr><td>a</td><td>b</td></tr>\n<tr><td>c</td></tr></table><pre>x\n  y</pre>',
    },
    plain: "- un\n- deux\nLogo\n----------\n\na b\nc\n\nx\ny\n",
  },
  {
    name: "a link that says where it leads",
    draft: { html: '<a href="https://x.example/a">x.example/a</a> <a href="#b">b</a> <a>c</a>' },
    plain: "x.example/a b c\n",
  },
  {
    name: "Markdown",
    draft: {
      markdown:
        "# Bonjour {{prenom}}\n\n**gras**, [lien](https://x.example/{{code}}), `{{nom}}`\n\n| a | b |\n| - | - |\n| 1 | {{nom}} |\n",
    },
    plain:
      "Bonjour Zoé <b>\n\ngras, lien (https://x.example/a%20b%26c%2F%C3%A9), O'Neill & Cie\n\na b\n\n1 O'Neill & Cie\n",
    html: "<td>O&#39;Neill &amp; Cie</td>",
  },
  {
    name: "HTML in Markdown, shown",
    draft: { markdown: "a <b>x</b> {{prenom}}" },
    plain: "a <b>x</b> Zoé <b>\n",
    html: "a &lt;b&gt;x&lt;/b&gt; Zoé &lt;b&gt;",
  },
  {
    name: "HTML in Markdown, allowed",
    draft: { markdown: "a <b title='{{prenom}}'>x</b>", markdownHtml: "allow" },
    plain: "a x\n",
    html: "<b title='Zoé &lt;b&gt;'>x</b>",
  },
  {
    name: "an address of the web in Markdown",
    draft: { markdown: "Voir https://x.example/{{code}} et stage.doc" },
    plain: "Voir https://x.example/a%20b%26c%2F%C3%A9 et stage.doc\n",
    html: '<a href="https://x.example/a%20b%26c%2F%C3%A9">https://x.example/a%20b%26c%2F%C3%A9</a> et stage.doc',
  },
  {
    name: "values that are Markdown stay what they are",
    draft: { markdown: 'a {{x|"**b** [c](d) <e> # f | g"}}' },
    plain: "a **b** [c](d) <e> # f | g\n",
    html: "a **b** [c](d) &lt;e&gt; # f | g",
  },
  {
    name: "a value of several lines",
    draft: { html: '<p>{{x|"12 rue A\n38000 B"}}</p>' },
    plain: "12 rue A\n38000 B\n",
    html: "<p>12 rue A<br>\n38000 B</p>",
  },
  {
    name: "text that looks like our marks",
    draft: { html: "<p>q0q1z {{prenom}} q0z&nbsp;! 1z</p>" },
    plain: "q0q1z Zoé <b> q0z\u00a0! 1z\n",
    html: "<p>q0q1z Zoé &lt;b&gt; q0z&nbsp;! 1z</p>",
  },
];

describe("a body", () => {
  for (const { name, draft, plain, html } of cases) {
    it(name, () => {
      const found = seen(draft, fields);
      if (plain !== undefined) assert.equal(found.plain, plain);
      if (html !== undefined) assert.ok(found.html?.includes(html), found.html ?? "no HTML");
      assert.equal(found.html === null, draft.html === undefined && draft.markdown === undefined);
    });
  }

  const file = {
    filename: 'Été "1" – d\'une très longue description, sans fin et sans raison.pdf',
    type: "application/pdf",
    octets: Buffer.from("PDF"),
  };
  const structures: readonly {
    readonly name: string;
    readonly draft: Partial<CircularDraft>;
    readonly want: readonly string[];
  }[] = [
    { name: "text", draft: { text: "a" }, want: ["text/plain"] },
    { name: "HTML", draft: { html: "a" }, want: ["multipart/alternative", "text/plain", "text/html"] },
    {
      name: "text with a file",
      draft: { text: "a", attachments: [file] },
      want: ["multipart/mixed", "text/plain", "application/pdf"],
    },
    {
      name: "Markdown with files",
      draft: { markdown: "a", attachments: [file, file] },
      want: [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
        "application/pdf",
      ],
    },
    {
      name: "a mail as a file",
      draft: {
        text: "a",
        attachments: [{ filename: "a.eml", type: "message/rfc822", octets: Buffer.from("Subject: é\n\nb") }],
      },
      want: ["multipart/mixed", "text/plain", "application/octet-stream"],
    },
  ];
  for (const { name, draft, want } of structures)
    it(`has the parts of ${name}`, () => assert.deepEqual(seen(draft).types, want));

  it("names files as they are named, and does not touch them", () => {
    assert.deepEqual(seen({ text: "a", attachments: [file] }).files, [
      { name: file.filename, type: "application/pdf", text: "PDF" },
    ]);
    const short = { ...file, filename: 'a "b" \\.pdf' };
    assert.throws(() => seen({ text: "a", attachments: [short] }), /bad-filename/);
  });

  describe("with a postscript", () => {
    const postscript = { text: "-- {{jeton}}\n", html: '<p><a href="https://f.example/{{jeton}}/a">a &amp; b</a></p>' };
    const values = { prenom: "Zoé", jeton: "t.1" };
    const below = '<p><a href="https://f.example/t.1/a">a &amp; b</a></p>';
    const bodies: readonly Case[] = [
      { name: "text has it below", draft: { text: "Bonjour {{prenom}}\n\n\n" }, plain: "Bonjour Zoé\n\n-- t.1\n" },
      {
        name: "HTML has it inside of its body, and its text what that says",
        draft: { html: "<html><body><p>{{prenom}}</p></BODY></html>" },
        plain: "Zoé\n\na & b (https://f.example/t.1/a)\n",
        html: `<p>Zoé</p>${below}</BODY></html>`,
      },
      {
        name: "HTML without a body has it at its end",
        draft: { html: "<p>{{prenom}}</p>" },
        html: `<p>Zoé</p>${below}`,
      },
      {
        name: "Markdown does not read it, and the text given beside has its own",
        draft: { markdown: "*{{prenom}}* <!-- below -->", text: "a" },
        plain: "a\n\n-- t.1\n",
        html: `<em>Zoé</em> &lt;!-- below --&gt;</p>\n${below}</body>`,
      },
      {
        name: "what parts it from its document may stand in that",
        draft: { html: "a\n<!-- below -->\nb" },
        html: `b${below}`,
      },
    ];
    for (const { name, draft, plain, html } of bodies)
      it(name, () => {
        const found = seen({ ...draft, postscript }, values);
        if (plain !== undefined) assert.equal(found.plain, plain);
        if (html !== undefined) assert.ok(found.html?.includes(html), found.html ?? "no HTML");
      });
  });

  it("encodes what is the same for all only once, also where it is large", () => {
    const octets = Buffer.alloc(1_000_000, "0123456789 \t\r\n");
    assert.equal(
      seen({ text: "{{prenom}}", attachments: [{ filename: "a.txt", type: "text/plain", octets }] }, fields).files[0]
        ?.text,
      octets.toString(),
    );
  });
});
