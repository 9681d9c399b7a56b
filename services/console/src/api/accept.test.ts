import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Problem } from "../http/problem.ts";
import { preferredType } from "./accept.ts";

const TYPES = ["application/json", "text/csv"] as const;

describe("the form of an answer", () => {
  for (const { accept, want } of [
    { accept: undefined, want: "application/json" },
    { accept: "", want: "application/json" },
    { accept: "*/*", want: "application/json" },
    { accept: "text/csv", want: "text/csv" },
    { accept: "TEXT/CSV; charset=utf-8", want: "text/csv" },
    { accept: "text/*", want: "text/csv" },
    { accept: "text/csv;q=0.5, application/json;q=0.4", want: "text/csv" },
    { accept: "text/csv;q=0.5, */*", want: "application/json" },
    { accept: "application/json;q=0, */*;q=0.1", want: "text/csv" },
  ])
    it(`is ${want} for ${accept}`, () => assert.equal(preferredType(accept, TYPES), want));
  for (const accept of ["image/png", "text/csv;q=0", "text/csv;q=x", ","])
    it(`is none for ${accept}`, () => assert.throws(() => preferredType(accept, TYPES), Problem));
  it("is one of those there are, or none, for whatever comes", () => {
    fc.assert(
      fc.property(fc.string(), (accept) => {
        try {
          assert.ok(TYPES.includes(preferredType(accept, TYPES)));
        } catch (error) {
          assert.ok(error instanceof Problem);
        }
      }),
    );
  });
});
