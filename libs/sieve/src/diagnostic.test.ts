// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { compile } from "./compile.ts";
import { renderDiagnostic, translate } from "./diagnostic.ts";
import { extensions } from "./extensions/index.ts";
import { catalog } from "./messages.ts";

const sources = readdirSync(new URL(".", import.meta.url), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.startsWith("message"))
  .map((file) => readFileSync(new URL(file, import.meta.url), "utf8"))
  .join("\n");

/** Words that stand like codes, and are none. */
const otherWords = new Set([
  "mailbox-exists",
  "not-addressed",
  "auto-notified",
  "disposition-notification",
  "message-id",
  "sender-unknown",
  "envelope-sender",
]);

/** Made of the ability that is missing. */
const refusals = new Set(extensions.flatMap(({ needs }) => needs?.map((ability) => `without-${ability}`) ?? []));

describe("messages", () => {
  it("exist for every code in use, and no others", () => {
    const unused = Object.keys(catalog).filter(
      (code) => !refusals.has(code) && !sources.includes(`"${code}"`) && !sources.includes(`code: ${code}`),
    );
    assert.deepEqual(unused, []);
    const used = [
      ...sources.matchAll(
        /(?:code: |[sS]ay(?:Behind|Previous)?\((?:[\w.]+, )*|RuntimeFault\(|const code = [^;]*?|\? )"([a-z][a-z0-9-]*-[a-z0-9-]+)"/g,
      ),
    ];
    assert.ok(used.length > 60);
    const missing = used.map(([, code]) => code ?? "").filter((code) => !(code in catalog) && !otherWords.has(code));
    assert.deepEqual(missing, []);
  });

  it("name the same parameters in both languages", () => {
    const names = (text: string): readonly string[] =>
      [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ""))].sort();
    for (const [code, { en, fr }] of Object.entries(catalog)) {
      assert.deepEqual(names(en.message), names(fr.message), code);
      assert.equal(en.hint === undefined, fr.hint === undefined, code);
      assert.notEqual(en.message, fr.message, code);
      if (code !== "script-error") assert.ok(en.hint !== undefined, `${code} says how to mend it`);
    }
  });

  it("are told again in the other language", () => {
    const compiled = compile("keeep;");
    assert.ok(!compiled.ok);
    const [diagnostic] = compiled.diagnostics;
    assert.ok(diagnostic !== undefined);
    assert.equal(diagnostic.message, "there is no command keeep; did you mean keep?");
    assert.equal(translate(diagnostic, "fr").message, "la commande keeep n'existe pas ; vouliez-vous dire keep ?");
    assert.equal(translate({ code: "no-such", parameters: {} }, "fr").message, "no-such");
  });
});

describe("renderDiagnostic", () => {
  it("shows the place, the line with a caret, and the mend", () => {
    const text = 'require "fileinto";\r\n\tfileinto :copi "A";\r\n';
    const compiled = compile(text);
    assert.ok(!compiled.ok);
    assert.deepEqual(
      compiled.diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, text, "a.sieve")),
      [
        [
          "a.sieve:2:11: error: fileinto has no tag :copi; did you mean :copy?",
          '  \tfileinto :copi "A";',
          "  \t         ^~~~~",
          "  → remove the tag or correct its name",
        ].join("\n"),
      ],
    );
  });

  it("speaks French", () => {
    const text = "keep";
    const compiled = compile(text, { locale: "fr" });
    assert.ok(!compiled.ok);
    const [diagnostic] = compiled.diagnostics;
    assert.ok(diagnostic !== undefined);
    assert.match(renderDiagnostic(diagnostic, text, "a.sieve"), /^a\.sieve:1:5: error: il manque un point-virgule/);
    assert.match(renderDiagnostic(diagnostic, text, "a.sieve", "fr"), /^a\.sieve:1:5: erreur: il manque/);
  });

  it("keeps hostile text on one line and short", () => {
    const text = `fileinto${"x".repeat(5000)}\u0007;`;
    const compiled = compile(text);
    assert.ok(!compiled.ok);
    for (const { message } of compiled.diagnostics) assert.ok(message.length < 400 && !message.includes("\u0007"));
  });
});
