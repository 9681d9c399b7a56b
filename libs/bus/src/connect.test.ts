import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isAtLeastFloor } from "./connect.ts";

describe("the version floor", () => {
  const cases = [
    { version: "2.9.10", want: true },
    { version: "2.9.9", want: false },
    { version: "2.9.0", want: false },
    { version: "2.10.0", want: true },
    { version: "2.8.99", want: false },
    { version: "v2.11.0-RC.1", want: true },
    { version: "3.0.0", want: true },
    { version: "1.99.99", want: false },
    { version: "", want: false },
    { version: "latest", want: false },
  ];
  for (const { version, want } of cases) it(`"${version}"`, () => assert.equal(isAtLeastFloor(version), want));
});
