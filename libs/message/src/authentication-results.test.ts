import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { processorMs } from "@tamis/testkit";
import fc from "fast-check";
import { parseAuthenticationResults } from "./authentication-results.ts";

type Result = readonly [method: string, result: string, properties?: Readonly<Record<string, string>>];

const cases: readonly {
  readonly name: string;
  readonly text: string;
  readonly want: { readonly id: string; readonly results: readonly Result[] } | null;
}[] = [
  { name: "nothing", text: "", want: null },
  { name: "no result", text: "example.org 1; none", want: { id: "example.org", results: [] } },
  {
    name: "one method",
    text: "Example.COM; spf=pass smtp.mailfrom=example.net",
    want: { id: "example.com", results: [["spf", "pass", { "smtp.mailfrom": "example.net" }]] },
  },
  {
    name: "several methods with reasons and comments",
    text: 'mx.example.org; auth=pass (cram-md5) smtp.auth=sender@example.net; dkim=Pass reason="good signature" header.d=a.example header.b="a;b=" ; dmarc=fail (p=reject; dis=none) header.from=a.example',
    want: {
      id: "mx.example.org",
      results: [
        ["auth", "pass", { "smtp.auth": "sender@example.net" }],
        ["dkim", "pass", { "header.d": "a.example", "header.b": "a;b=" }],
        ["dmarc", "fail", { "header.from": "a.example" }],
      ],
    },
  },
  {
    name: "comments everywhere",
    text: "foo.example.net (foobar) 1 (baz);\t dkim (Because I like it) / 1 (One yay) = (wait for it) fail policy (A dot can go here).(like that) expired (this surprised me) = (as I wasn't expecting it) 1362471462",
    want: { id: "foo.example.net", results: [["dkim", "fail", { "policy.expired": "1362471462" }]] },
  },
  {
    name: "a version of the method",
    text: "a.example; dkim/1=pass header.d=b.example",
    want: { id: "a.example", results: [["dkim", "pass", { "header.d": "b.example" }]] },
  },
  { name: "a version that nobody knows", text: "a.example 2; spf=pass", want: null },
  { name: "words after the version", text: "a.example 1 x; spf=pass", want: null },
  {
    name: "QUIRK: Exchange Online names nobody",
    text: "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.net; dmarc=bestguesspass action=none header.from=example.net;compauth=pass reason=109",
    want: {
      id: "",
      results: [
        ["spf", "pass", { "smtp.mailfrom": "example.net" }],
        ["dmarc", "bestguesspass", { "header.from": "example.net" }],
        ["compauth", "pass"],
      ],
    },
  },
  {
    name: "a quoted name of the server",
    text: '"mx 1"; spf=none',
    want: { id: "mx 1", results: [["spf", "none"]] },
  },
  {
    name: "a quoted local part",
    text: 'a.example; spf=pass smtp.mailfrom="b; spf=fail"@c.example',
    want: { id: "a.example", results: [["spf", "pass", { "smtp.mailfrom": "b; spf=fail@c.example" }]] },
  },
  {
    name: "a local part with an equals sign",
    text: "a.example; spf=pass smtp.mailfrom=list-bounces+a=b.example@c.example smtp.helo=d.example",
    want: {
      id: "a.example",
      results: [["spf", "pass", { "smtp.mailfrom": "list-bounces+a=b.example@c.example", "smtp.helo": "d.example" }]],
    },
  },
  {
    name: "the first of two properties",
    text: "a.example; spf=pass smtp.mailfrom=b.example smtp.mailfrom=c.example",
    want: { id: "a.example", results: [["spf", "pass", { "smtp.mailfrom": "b.example" }]] },
  },
  {
    name: "what is no result",
    text: "a.example; ; spf; =pass; dkim=; spf=pass",
    want: { id: "a.example", results: [["spf", "pass"]] },
  },
  {
    name: "a comment that never closes",
    text: "a.example; spf=pass (smtp.mailfrom=b.example",
    want: { id: "a.example", results: [["spf", "pass"]] },
  },
];

describe("parseAuthenticationResults", () => {
  for (const { name, text, want } of cases) {
    it(name, () => {
      const read = parseAuthenticationResults(text);
      const results = read?.results.map(({ method, result, properties }) =>
        properties.size === 0 ? [method, result] : [method, result, Object.fromEntries(properties)],
      );
      assert.deepEqual(read === null ? null : { id: read.authservId, results }, want);
    });
  }

  it("reads any text in its time", () => {
    const pieces = fc.constantFrom(
      "a.example",
      ";",
      "=",
      "spf",
      "pass",
      '"',
      "(",
      ")",
      "\\",
      " ",
      "smtp.mailfrom",
      "@",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((all) => all.join("")),
        ),
        (text) => {
          const read = parseAuthenticationResults(text);
          assert.ok(read === null || read.results.every(({ method, result }) => method !== "" && result !== ""));
        },
      ),
    );
    const tookMs = processorMs(() => {
      for (const piece of ["(", '"', "a=", ";a=b", "\\", '"a'])
        parseAuthenticationResults(`a.example; ${piece.repeat(50_000)}`);
    });
    assert.ok(tookMs < 2_000, `${tookMs} ms`);
  });
});
