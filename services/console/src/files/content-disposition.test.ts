import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { attachmentNamed } from "./content-disposition.ts";

describe("the name of a file in Content-Disposition", () => {
  for (const { name, want } of [
    { name: "bilan 2026.pdf", want: 'attachment; filename="bilan 2026.pdf"' },
    { name: "l'été.pdf", want: "attachment; filename=\"l'_t_.pdf\"; filename*=UTF-8''l%27%C3%A9t%C3%A9.pdf" },
    { name: 'a"\r\n%41.pdf', want: "attachment; filename=\"a____41.pdf\"; filename*=UTF-8''a%22%0D%0A%2541.pdf" },
    { name: "😀", want: "attachment; filename=\"_\"; filename*=UTF-8''%F0%9F%98%80" },
    { name: "\ud800", want: "attachment; filename=\"_\"; filename*=UTF-8''%EF%BF%BD" },
  ])
    it(JSON.stringify(name), () => assert.equal(attachmentNamed(name), want));

  it("never is more than one parameter value of one line, whatever the name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        assert.match(
          attachmentNamed(name),
          /^attachment; filename="[^"\\\r\n]*"(; filename\*=UTF-8''([\w!#$&+.^`|~-]|%[0-9A-F]{2})*)?$/,
        );
      }),
    );
  });
});
