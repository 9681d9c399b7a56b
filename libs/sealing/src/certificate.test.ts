import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { selfSignedCertificate } from "@tamis/testkit";
import fc from "fast-check";
import { chooseCertificate, readCertificate } from "./certificate.ts";
import { sealEntity } from "./smime.ts";

const NOW = new Date("2026-03-02T08:00:00Z");
const DAY_MS = 86_400_000;
const later = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);
// What other kinds there are, test/ makes with openssl: this one is of P-256, names no purpose and no address.
const pem = Buffer.from(selfSignedCertificate(NOW).cert);
const whole = Buffer.from(pem.toString().replace(/-----[^-]+-----|\s/g, ""), "base64");

describe("a certificate", () => {
  it("is usable while it is valid", () => {
    for (const octets of [pem, whole]) assert.notEqual(typeof readCertificate(octets, "a@example.org", NOW), "string");
    assert.equal(readCertificate(pem, "a@example.org", later(400)), "expired");
    assert.equal(readCertificate(pem, "a@example.org", later(-2)), "not-yet-valid");
  });

  it("that is none, or was damaged, is told as such: nothing throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => readCertificate(octets, "a@b", NOW) === "unreadable"),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at] ?? 0) ^ by;
        const read = readCertificate(damaged, "a@example.org", NOW);
        if (typeof read !== "string") sealEntity(Buffer.from("x"), read, "aes-256-gcm");
      }),
    );
  });
});

describe("of several certificates", () => {
  const young = Buffer.from(selfSignedCertificate(later(100)).cert);

  it("the one that is valid the longest is taken", () => {
    const chosen = chooseCertificate([pem, young, Buffer.from("x")], "a@example.org", later(120));
    assert.ok(typeof chosen !== "string" && chosen.validTo > later(400));
  });

  it("without a usable one, what is told is wrong with the likeliest", () => {
    assert.equal(chooseCertificate([Buffer.from("x"), pem], "a@example.org", later(500)), "expired");
    assert.equal(chooseCertificate([Buffer.from("x"), young], "a@example.org", NOW), "not-yet-valid");
    assert.equal(chooseCertificate([Buffer.from("x")], "a@example.org", NOW), "unreadable");
    assert.equal(chooseCertificate([], "a@example.org", NOW), "none");
  });
});
