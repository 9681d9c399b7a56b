import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bye, listLine, no, ok, stringOf } from "./response.ts";

describe("responses", () => {
  const cases = [
    { name: "nothing but OK", got: ok(), want: "OK\r\n" },
    { name: "a text", got: ok("fait"), want: 'OK "fait"\r\n' },
    { name: "a code", got: no("no", "NONEXISTENT"), want: 'NO (NONEXISTENT) "no"\r\n' },
    { name: "a code with a slash", got: no("no", "QUOTA/MAXSIZE"), want: 'NO (QUOTA/MAXSIZE) "no"\r\n' },
    { name: "a tag", got: ok("done", { tag: "a" }), want: 'OK (TAG "a") "done"\r\n' },
    { name: "a tag of two lines", got: ok("done", { tag: "a\r\nb" }), want: 'OK (TAG {4}\r\na\r\nb) "done"\r\n' },
    { name: "farewell", got: bye("x", "TRYLATER"), want: 'BYE (TRYLATER) "x"\r\n' },
    { name: "several lines", got: no("a\nb"), want: "NO {4}\r\na\r\nb\r\n" },
    { name: "quotes", got: stringOf('a"b\\'), want: '"a\\"b\\\\"' },
    { name: "octets, not characters, in a literal", got: stringOf("é\r\n"), want: "{4}\r\né\r\n" },
    { name: "a long text", got: stringOf("é".repeat(600)), want: `{1200}\r\n${"é".repeat(600)}` },
    { name: "an active script", got: listLine("main", { atom: "ACTIVE" }), want: '"main" ACTIVE\r\n' },
    { name: "a capability", got: listLine("SASL", { value: "" }), want: '"SASL" ""\r\n' },
  ];
  for (const { name, got, want } of cases) it(name, () => assert.equal(got, want));
});
