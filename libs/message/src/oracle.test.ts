import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ODD_MAILS } from "../test/odd-mails.ts";
import { mailparserView, ourView, type View } from "../test/views.ts";

describe("mailparser as the oracle", () => {
  for (const { name, raw } of ODD_MAILS) {
    it(`reads alike: ${name}`, async () => {
      assert.deepEqual(comparable(ourView(raw)), comparable(await mailparserView(raw)));
    });
  }

  it("reads generated mail alike", async () => {
    await fc.assert(
      fc.asyncProperty(generatedMail, async (raw) => {
        assert.deepEqual(comparable(ourView(raw)), comparable(await mailparserView(raw)));
      }),
      { numRuns: 300 },
    );
  });
});

/** Without what only one of the views has. */
function comparable(view: View | null): unknown {
  if (view === null) return null;
  return { ...view, texts: view.texts.map(({ type, text }) => ({ type, text })) };
}

const WORDS = [
  "été",
  "réunion",
  "Zoë",
  "plain",
  "10 €",
  "a=b",
  "=?",
  "naïf",
  ".",
  "--",
  "From",
  "très long mot composé",
];
const words = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 12 });
const lines = fc.array(
  words.map((line) => line.join(" ")),
  { maxLength: 8 },
);

const encodedSubject = fc
  .tuple(words, fc.constantFrom("B", "Q"), fc.integer({ min: 1, max: 9 }))
  .map(([subject, form, size]) => {
    const characters = [...subject.join(" ")];
    const chunks = Array.from({ length: Math.ceil(characters.length / size) }, (_, index) =>
      characters.slice(index * size, (index + 1) * size).join(""),
    );
    return chunks.map((chunk) => encodedWord(chunk, form)).join("\r\n ");
  });

function encodedWord(text: string, form: string): string {
  const octets = Buffer.from(text);
  if (form === "B") return `=?utf-8?B?${octets.toString("base64")}?=`;
  return `=?UTF-8?Q?${octets.toString("latin1").replace(/[^A-Za-z0-9]/g, hex)}?=`;
}

const hex = (character: string): string => `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;

const ENCODERS: Readonly<Record<string, (octets: Buffer) => string>> = {
  base64: (octets) => octets.toString("base64").replace(/.{76}/g, "$&\r\n"),
  "quoted-printable": (octets) => octets.toString("latin1").replace(/[^ -<>-~\r\n]| (?=\r)| $/g, hex),
  "8bit": (octets) => octets.toString("latin1"),
};

const CHARSETS = ["utf-8", "iso-8859-1", "windows-1252"];

const textPart = fc
  .tuple(
    fc.constantFrom("plain", "html"),
    fc.constantFrom(...CHARSETS),
    fc.constantFrom(...Object.keys(ENCODERS)),
    lines,
  )
  .map(([subtype, charset, encoding, text]) => {
    const written = text.join("\r\n").replaceAll("€", charset === "utf-8" ? "€" : "EUR");
    const octets = Buffer.from(written, charset === "utf-8" ? "utf8" : "latin1");
    // Never empty: of an empty part mailparser keeps the line end of the delimiter.
    const body = ENCODERS[encoding]?.(Buffer.concat([octets, Buffer.from(".")])) ?? "";
    return `Content-Type: text/${subtype}; charset=${charset}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`;
  });

const attachment = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((octets) => {
  const body = Buffer.from(octets).toString("base64").replace(/.{60}/g, "$&\r\n");
  return `Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="a b.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}`;
});

const { part } = fc.letrec<{ readonly part: string; readonly multipart: string }>((tie) => ({
  part: fc.oneof({ depthSize: "small", withCrossShrink: true }, textPart, attachment, tie("multipart")),
  multipart: fc
    .tuple(
      fc.constantFrom("mixed", "alternative", "related"),
      fc.array(tie("part"), { minLength: 1, maxLength: 3 }),
      fc.nat(),
    )
    .map(([subtype, children, number]) => {
      const boundary = `=_${number}_${children.join("").length}`;
      const body = children.map((child) => `--${boundary}\r\n${child}\r\n`).join("");
      return `Content-Type: multipart/${subtype}; boundary="${boundary}"\r\n\r\n${body}--${boundary}--\r\n`;
    }),
}));

const generatedMail = fc
  .tuple(encodedSubject, part)
  .map(([subject, body]) =>
    Buffer.from(
      `From: Zoe <zoe@b.example>\r\nTo: a@b.example, c@d.example\r\nSubject: ${subject}\r\n${body}`,
      "latin1",
    ),
  );
