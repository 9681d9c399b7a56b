import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { signedHeaders } from "./aws-signature.ts";

// The examples of Amazon's documentation, "Authenticating Requests: Using the Authorization Header".
const keys = { id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region: "us-east-1" };
const NOW = new Date("2013-05-24T00:00:00Z");
const HOST = "https://examplebucket.s3.amazonaws.com";

describe("an AWS signature is that of the documentation", () => {
  it("of GET", () => {
    const request = { method: "GET", url: new URL(`${HOST}/test.txt`), headers: { range: "bytes=0-9" } } as const;
    const headers = signedHeaders({ ...request, body: new Uint8Array() }, keys, NOW);
    assert.equal(
      headers.get("authorization"),
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    );
  });

  it("of PUT, with a body and a name to be encoded", () => {
    const headers = { date: "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" };
    const body = Buffer.from("Welcome to Amazon S3.");
    const request = { method: "PUT", url: new URL(`${HOST}/test$file.text`), headers, body } as const;
    const signed = signedHeaders(request, keys, NOW);
    assert.match(
      signed.get("authorization") ?? "",
      /Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd$/,
    );
    assert.equal(
      signed.get("x-amz-content-sha256"),
      "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
    );
  });
});
