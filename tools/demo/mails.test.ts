import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { compile } from "@tamis/sieve";
import { languageOf } from "./language.ts";
import { encodedWords, encodeText, quotedPrintable } from "./mails/charset.ts";
import { makeMail, stampOf } from "./mails/sample.ts";
import { samples } from "./mails.ts";
import { isInPlace } from "./places.ts";
import { faultyScripts } from "./rules-store.ts";
import { school } from "./school.ts";

const NOW = new Date("2026-11-22T10:00:00Z"); // a Sunday

describe("the school", () => {
  it("has scripts that compile", () => assert.deepEqual(faultyScripts(school(), "en"), []));

  it("has a draft to try that compiles", () => {
    const text = readFileSync(new URL("drafts/claire.moreau.sieve", import.meta.url), "utf8");
    const compiled = compile(text);
    assert.deepEqual(compiled.ok ? [] : compiled.diagnostics, []);
  });

  it("has a rules file for nobody else, and mail for every account", () => {
    const locals = school().map(({ local }) => local);
    assert.deepEqual([...new Set(samples.map(({ to }) => to))].toSorted(), locals.toSorted());
  });

  it("uses every extension that Tamis has", () => {
    const required = school().flatMap(({ script }) => script?.text.match(/require \[([^\]]*)\]/)?.[1] ?? "");
    const names = new Set(required.join(",").match(/[a-z0-9;-]+/g));
    const wanted =
      "fileinto envelope encoded-character copy body variables relational subaddress imap4flags mailbox date index environment ihave ereject vacation";
    assert.deepEqual(
      wanted.split(" ").filter((name) => !names.has(name)),
      [],
    );
  });
});

describe("the mails", () => {
  it("have names of their own", () => assert.equal(new Set(samples.map(({ name }) => name)).size, samples.length));

  for (const [serial, sample] of samples.entries()) {
    it(`${sample.name}: has its Message-ID and lines of at most 998 octets`, () => {
      const { raw, messageId } = makeMail(sample, stampOf(serial, "t", NOW));
      assert.equal(readMessage(raw).headers("message-id")[0]?.raw(), messageId);
      assert.ok(
        raw
          .toString("latin1")
          .split("\r\n")
          .every((line) => line.length <= 998 && !/[\r\n]/.test(line)),
      );
    });
  }

  it("are dated on a working day, but for the Saturday ones", () => {
    const stamp = stampOf(0, "t", NOW);
    assert.equal(stamp.workday.toISOString(), "2026-11-20T10:00:00.000Z");
    assert.equal(stamp.saturday.toISOString(), "2026-11-21T08:30:00.000Z");
    assert.equal(stampOf(0, "t", new Date("2026-11-21T07:00:00Z")).saturday.toISOString(), "2026-11-21T08:30:00.000Z");
  });
});

describe("writing odd encodings", () => {
  it("knows windows-1252 and ISO-8859-15", () => {
    assert.equal(encodeText("€ œ’", "windows-1252").toString("hex"), "80209c92");
    assert.equal(encodeText("€ œé", "iso-8859-15").toString("hex"), "a420bde9");
    assert.throws(() => encodeText("€", "iso-8859-1"), RangeError);
  });

  it("keeps encoded-words within 75 characters", () => {
    for (const encoding of ["B", "Q"] as const) {
      const words = encodedWords("Préparation de la rentrée ".repeat(5), "utf-8", encoding).split("\r\n ");
      assert.ok(words.length > 1 && words.every((word) => word.length <= 75));
    }
  });

  it("keeps quoted-printable lines within 76 characters, none ending in a space", () => {
    const lines = quotedPrintable(Buffer.from(`${"é = è ".repeat(30)} \r\nfin`)).split("\r\n");
    assert.ok(lines.every((line) => line.length <= 76 && !line.endsWith(" ")));
  });
});

describe("isInPlace", () => {
  const cases = [
    {
      name: "right",
      places: [{ folder: "A", flags: ["\\flagged"] }],
      want: { folder: "A", flags: ["\\Flagged"] },
      is: true,
    },
    { name: "elsewhere", places: [{ folder: "INBOX", flags: [] }], want: { folder: "A" }, is: false },
    { name: "nowhere", places: [], want: { folder: "A" }, is: false },
    {
      name: "twice",
      places: [
        { folder: "A", flags: [] },
        { folder: "A", flags: [] },
      ],
      want: { folder: "A" },
      is: false,
    },
    { name: "without its flag", places: [{ folder: "A", flags: [] }], want: { folder: "A", flags: ["$X"] }, is: false },
    { name: "read", places: [{ folder: "A", flags: ["\\Seen"] }], want: { folder: "A" }, is: false },
    {
      name: "copied",
      places: [
        { folder: "B", flags: [] },
        { folder: "A", flags: [] },
      ],
      want: { folder: "A", copies: ["B"] },
      is: true,
    },
  ];
  for (const { name, places, want, is } of cases) it(name, () => assert.equal(isInPlace(want, places), is));
});

describe("languageOf", () => {
  const cases: ReadonlyArray<readonly [Record<string, string>, "en" | "fr"]> = [
    [{}, "en"],
    [{ LANG: "fr_FR.UTF-8" }, "fr"],
    [{ LANG: "fr" }, "fr"],
    [{ LANG: "fr_FR.UTF-8", LC_ALL: "C" }, "en"],
    [{ LANG: "fry_NL" }, "en"],
  ];
  for (const [env, want] of cases) it(JSON.stringify(env), () => assert.equal(languageOf(env), want));
});
