import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { it } from "node:test";
import { selfSignedCertificate } from "./certificate.ts";

it("makes a certificate that vouches for itself, for localhost and 127.0.0.1", () => {
  const { cert } = selfSignedCertificate();
  const read = new X509Certificate(cert);
  assert.equal(read.checkHost("localhost"), "localhost");
  assert.equal(read.checkIP("127.0.0.1"), "127.0.0.1");
  assert.ok(read.verify(read.publicKey));
  assert.ok(read.ca);
});

it("is valid from the day before for a year", () => {
  const read = new X509Certificate(selfSignedCertificate(new Date("2030-03-01T12:00:00Z")).cert);
  assert.equal(new Date(read.validFrom).toISOString(), "2030-02-28T12:00:00.000Z");
  assert.equal(new Date(read.validTo).toISOString(), "2031-03-01T12:00:00.000Z");
});
