import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nearestName } from "./nearest-name.ts";

const KNOWN = ["accounts", "imap", "log", "password", "password_file", "ca_file", "verify_certificate"];
const cases: readonly { wrong: string; want: string | undefined }[] = [
  { wrong: "acounts", want: "accounts" },
  { wrong: "lgo", want: "log" },
  { wrong: "imape", want: "imap" },
  { wrong: "passwordFile", want: "password_file" },
  { wrong: "CA-File", want: "ca_file" },
  { wrong: "verify_certificat", want: "verify_certificate" },
  { wrong: "nats", want: undefined },
  { wrong: "", want: undefined },
  { wrong: "x".repeat(500), want: undefined },
];

describe("the nearest name", () => {
  for (const { wrong, want } of cases)
    it(`of "${wrong.slice(0, 20)}"`, () => assert.equal(nearestName(wrong, KNOWN), want));
});
