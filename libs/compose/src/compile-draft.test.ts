import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { faultsOf, seen } from "../test/mail-of.ts";
import { type CircularDraft, MAX_ATTACHED, MAX_BODY, renderFault } from "./index.ts";

const file = { filename: "a.pdf", type: "application/pdf", octets: Buffer.alloc(1) };
const html = (inner: string): Partial<CircularDraft> => ({ html: inner });

interface Case {
  readonly name: string;
  readonly draft: Partial<CircularDraft>;
  /** Code, place, line and column. */
  readonly want: string;
  readonly fields?: readonly string[];
}

const cases: readonly Case[] = [
  { name: "no text", draft: { text: " \n" }, want: "no-text text 0:0" },
  { name: "HTML and Markdown", draft: { html: "a", markdown: "b" }, want: "html-and-markdown markdown 0:0" },
  { name: "a text that is too long", draft: { text: "a".repeat(MAX_BODY + 1) }, want: "too-long text 0:0" },
  { name: "a subject that is too long", draft: { subject: "a".repeat(501) }, want: "too-long subject 0:0" },
  { name: "a sender that is none", draft: { from: { address: "recteur" } }, want: "bad-address from 0:0" },
  {
    name: "a sender that adds a field",
    draft: { from: { address: "a@b.example\r\nBcc: c@d.example" } },
    want: "bad-address from 0:0",
  },
  { name: "a reply address that is none", draft: { replyTo: { address: "a@" } }, want: "bad-address reply-to 0:0" },
  { name: "a field that does not end", draft: { text: "ligne\nBonjour {{prenom, à" }, want: "bad-field text 2:9" },
  { name: "a field without a name", draft: { text: "{{ }}" }, want: "bad-field text 1:1" },
  { name: "a default without quotes", draft: { text: "a {{x|b}}" }, want: "bad-field text 1:3" },
  { name: "a bad field in the subject", draft: { subject: "{{a|}}" }, want: "bad-field subject 1:1" },
  { name: "a tag inside a field", draft: html("<p>{{pre<b>nom</b>}}</p>"), want: "bad-field html 1:4" },
  {
    name: "a field that there is not",
    draft: { markdown: "a\nb {{c}}\n{{prenom}}" },
    fields: ["prenom", "nom"],
    want: "unknown-field markdown 2:3",
  },
  { name: "a field in a tag", draft: html("<p {{x}}>a</p>"), want: "field-in-markup html 1:4" },
  { name: "a field in the name of a tag", draft: html("<{{x}}>a"), want: "field-in-markup html 1:2" },
  {
    name: "a field in an attribute without quotes",
    draft: html("<a\n href={{x}}>a</a>"),
    want: "field-in-markup html 2:7",
  },
  { name: "a field in a comment", draft: html("<!-- {{x}} -->"), want: "field-in-markup html 1:6" },
  { name: "a field in a declaration", draft: html("<!DOCTYPE {{x}}>"), want: "field-in-markup html 1:11" },
  { name: "a field in a style", draft: html("<style>a { color: {{x}} }</style>"), want: "field-in-script html 1:19" },
  {
    name: "a field in a script",
    draft: html("<script>a('</scripty>{{x}}')</script>"),
    want: "field-in-script html 1:22",
  },
  {
    name: "a field in a style attribute",
    draft: html('<p style="color: {{x}}">a</p>'),
    want: "field-in-script html 1:18",
  },
  { name: "a field in an event", draft: html('<p ONCLICK="a({{x}})">a</p>'), want: "field-in-script html 1:15" },
  {
    name: "a field in a program as a URL",
    draft: html('<a href="java&#115;cript:a({{x}})">a</a>'),
    want: "field-in-script html 1:28",
  },
  {
    name: "a field in the host of a URL",
    draft: html('<a href="https://{{x}}.example/">a</a>'),
    want: "field-in-host html 1:18",
  },
  {
    name: "a field in a host after one slash",
    draft: html('<a href="https:/{{x}}">a</a>'),
    want: "field-in-host html 1:17",
  },
  {
    name: "a field in a host behind a line end",
    draft: html('<a href="ht\ntps:/{{x}}">a</a>'),
    want: "field-in-host html 2:6",
  },
  {
    name: "a field in a program behind a line end",
    draft: html('<a href="java\nscript:{{x}}">a</a>'),
    want: "field-in-script html 2:8",
  },
  {
    name: "a field in the title of a drawing",
    draft: html("<svg><title><b {{x}}></title></svg>"),
    want: "field-in-script html 1:16",
  },
  {
    name: "a field after the host of a URL",
    draft: html('<a href="https://x.example{{x}}">a</a>'),
    want: "field-in-host html 1:27",
  },
  {
    name: "a field after a field that is a URL",
    draft: html('<a href="{{x}}{{y}}">a</a>'),
    want: "field-in-host html 1:15",
  },
  {
    name: "a field in the host of a link of Markdown",
    draft: { markdown: "[a](https://{{x}}/)" },
    want: "field-in-host markdown 1:13",
  },
  { name: "too many fields", draft: { text: "{{a}}".repeat(1001) }, want: "too-many-fields text 1:5001" },
  {
    name: "a file without a name",
    draft: { attachments: [{ ...file, filename: "" }] },
    want: "bad-filename attachments 0:0",
  },
  {
    name: "a file with a path",
    draft: { attachments: [{ ...file, filename: "../a" }] },
    want: "bad-filename attachments 0:0",
  },
  {
    name: "an attachment that is called as the folder above",
    draft: { attachments: [{ ...file, filename: ".." }] },
    want: "bad-filename attachments 0:0",
  },
  {
    name: "a file with a line end in its name",
    draft: { attachments: [{ ...file, filename: "a\r\nb" }] },
    want: "bad-filename attachments 0:0",
  },
  {
    name: "a type that is none",
    draft: { attachments: [{ ...file, type: "pdf\r\nX: y" }] },
    want: "bad-type attachments 0:0",
  },
  {
    name: "too many files",
    draft: { attachments: Array.from({ length: 101 }, () => file) },
    want: "too-many-attachments attachments 0:0",
  },
  {
    name: "files that are too large",
    draft: { attachments: [{ ...file, octets: new Uint8Array(MAX_ATTACHED + 1) }] },
    want: "attachments-too-large attachments 0:0",
  },
  { name: "a list without a dot", draft: { listId: "personnels" }, want: "bad-list-id list-id 0:0" },
  { name: "a list with a bracket too many", draft: { listId: "Personnels <a.b>>" }, want: "bad-list-id list-id 0:0" },
  {
    name: "unsubscribing without TLS",
    draft: { unsubscribe: { url: "http://x.example/{token}" } },
    want: "bad-unsubscribe unsubscribe 0:0",
  },
  {
    name: "unsubscribing for everybody",
    draft: { unsubscribe: { url: "https://x.example/" } },
    want: "bad-unsubscribe unsubscribe 0:0",
  },
  {
    name: "a token that chooses the host",
    draft: { unsubscribe: { url: "https://{token}.x.example" } },
    want: "bad-unsubscribe unsubscribe 0:0",
  },
  {
    name: "unsubscribing at an address that is none",
    draft: { unsubscribe: { url: "https://x.example/{token}", mailto: "{token}" } },
    want: "bad-unsubscribe unsubscribe 0:0",
  },
  { name: "Bcc", draft: { headers: { Bcc: "a@b.example" } }, want: "bad-header headers 0:0" },
  { name: "a field that we write", draft: { headers: { "List-UNSUBSCRIBE": "x" } }, want: "bad-header headers 0:0" },
  { name: "a name that adds a field", draft: { headers: { "X: y\r\nBcc": "x" } }, want: "bad-header headers 0:0" },
  {
    name: "a field in a header that there is not",
    draft: { headers: { "X-A": "{{b}}" } },
    fields: ["a"],
    want: "unknown-field headers 1:1",
  },
  {
    name: "too many header fields",
    draft: { headers: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`X-${index}`, "a"])) },
    want: "too-many-headers headers 0:0",
  },
];

describe("compileDraft", () => {
  for (const { name, draft, want, fields } of cases) {
    it(`refuses ${name}`, () => {
      const faults = faultsOf(draft, fields === undefined ? {} : { fields });
      assert.equal(
        faults.map(({ code, place, line, column }) => `${code} ${place} ${line}:${column}`).join(", "),
        want,
      );
      for (const language of ["en", "fr"] as const) {
        for (const fault of faults)
          assert.doesNotMatch(
            renderFault(fault, language),
            /\{(?:limit|written|field|fields|size|filename)\}|undefined/,
          );
      }
    });
  }

  it("tells all faults at once, in order, but not more than fifty", () => {
    const faults = faultsOf({ subject: "{{a}}", text: "{{b}} {{c|x}}\n{{d}}" }, { fields: [] });
    assert.deepEqual(
      faults.map(({ code, line, column }) => `${code} ${line}:${column}`),
      ["bad-field 1:7", "unknown-field 1:1", "unknown-field 1:1", "unknown-field 2:1"],
    );
    assert.equal(faultsOf({ text: "{{".repeat(100) }).length, 50);
  });

  it("says which fields there are", () => {
    const [fault] = faultsOf({ text: "{{prénom}}" }, { fields: ["prenom", "nom"] });
    assert.ok(fault);
    assert.equal(renderFault(fault, "fr"), "texte 1:1 : il n'y a pas de champ prénom ; il y a : prenom, nom");
  });

  it("takes a name in both forms of Unicode", () => {
    assert.deepEqual(faultsOf({ text: "{{pre\u0301nom}}" }, { fields: ["pr\u00e9nom"] }), []);
  });

  it("gives a value for any text, and what compiles is a mail", () => {
    const piece = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 6 }),
      fc.constantFrom(
        "{{x}}",
        "{{",
        "}}",
        "\\",
        '{{x|"d"}}',
        "<",
        ">",
        "<p",
        "<a href=",
        '"',
        "'",
        "=",
        "<!--",
        "-->",
        "<title>",
        "</title>",
        "<script>",
        "</script>",
        "https://",
        "/",
        "&amp;",
        "\n",
        "| - |",
        "[a](",
        ")",
        "`",
      ),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 20 }),
        fc.constantFrom("text", "html", "markdown"),
        fc.boolean(),
        (pieces, place, allow) => {
          const draft = {
            [place]: `a${pieces.join("")}`,
            markdownHtml: allow ? ("allow" as const) : ("escape" as const),
          };
          if (faultsOf({ text: "a", ...draft }).length === 0) assert.ok(seen(draft, { x: "<b>'\"v" }).types.length > 0);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
