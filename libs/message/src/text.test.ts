import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { mail } from "../test/odd-mails.ts";
import { readMessage } from "./message.ts";
import { messageText, unflow } from "./text.ts";

const PLAIN = ["Content-Type: text/plain", ""];
const HTML = ["Content-Type: text/html", ""];

const cases: readonly { readonly name: string; readonly raw: Buffer; readonly want: string }[] = [
  { name: "a plain mail", raw: mail("", "a", "b"), want: "a\nb" },
  { name: "HTML", raw: mail(...HTML, "<p>a</p><p>b"), want: "a\n\nb" },
  {
    name: "plain text before HTML in an alternative",
    raw: mail(
      "Content-Type: multipart/alternative; boundary=b",
      "",
      "--b",
      ...HTML,
      "<b>h",
      "--b",
      ...PLAIN,
      "p",
      "--b--",
    ),
    want: "p",
  },
  {
    name: "HTML where the plain form is blank",
    raw: mail(
      "Content-Type: multipart/alternative; boundary=b",
      "",
      "--b",
      ...PLAIN,
      " ",
      "--b",
      ...HTML,
      "h",
      "--b--",
    ),
    want: "h",
  },
  {
    name: "not the attachments, but an enclosed mail",
    raw: mail(
      "Content-Type: multipart/mixed; boundary=b",
      "",
      "--b",
      ...PLAIN,
      "a",
      "--b",
      "Content-Disposition: attachment",
      "",
      "hidden",
      "--b",
      "Content-Type: message/rfc822",
      "",
      "Subject: in",
      "",
      "deep",
      "--b--",
    ),
    want: "a\ndeep",
  },
  { name: "flowed text", raw: mail("Content-Type: text/plain; format=flowed", "", "a ", "b"), want: "a b" },
  { name: "an image", raw: mail("Content-Type: image/png", "", "x"), want: "" },
];

const flows: readonly (readonly [name: string, text: string, want: string])[] = [
  ["soft breaks", "a \nb \nc\nd", "a b c\nd"],
  ["quotes", "> a \n> b\n>> c \nd", "> a b\n>> c \nd"],
  ["the signature", "a \n-- \nb", "a \n-- \nb"],
  ["stuffed lines", " From a\n >b", "From a\n>b"],
  ["an end in a soft break", "a ", "a "],
];

describe("messageText", () => {
  for (const { name, raw, want } of cases) it(name, () => assert.equal(messageText(readMessage(raw)), want));
});

describe("unflow", () => {
  for (const [name, text, want] of flows) it(name, () => assert.equal(unflow(text, false), want));

  it("deletes the space of soft breaks with DelSp=yes", () => assert.equal(unflow("日 \n本\n", true), "日本\n"));

  it("keeps every word, whatever the lines", () => {
    const lines = fc.array(fc.constantFrom("a", "b ", "> c", ">> d ", " e", "-- ", "", ">", "> "), { maxLength: 30 });
    const words = (text: string): string => text.replace(/[\s>]+/g, "");
    fc.assert(fc.property(lines, (all) => words(unflow(all.join("\n"), false)) === words(all.join("\n"))));
  });
});
