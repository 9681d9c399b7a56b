import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BATCH_MAX_BYTES } from "./mail-batch.ts";
import { PARTITIONS } from "./partition.ts";
import { storedScriptKey } from "./scripts.ts";
import { applyDurable, buckets, streams } from "./streams.ts";
import { subjects } from "./subjects.ts";

const NAME = /^[A-Za-z0-9_-]+$/;

function matches(pattern: string, subject: string): boolean {
  const [want, have] = [pattern.split("."), subject.split(".")];
  return want.length === have.length && want.every((token, i) => token === "*" || token === have[i]);
}

describe("the streams", () => {
  const published = [
    subjects.mailReceived(0),
    subjects.mailboxApply(PARTITIONS - 1),
    subjects.event(5, "mail-decided"),
    subjects.parked("MAIL", "filter"),
    subjects.parked("APPLY", applyDurable(7)),
  ];
  for (const subject of published) {
    it(`exactly one takes ${subject}`, () => {
      const takers = streams.filter((stream) => stream.subjects.some((pattern) => matches(pattern, subject)));
      assert.equal(takers.length, 1);
    });
  }

  const asked = [subjects.mailboxFetch(3), subjects.mailboxAsk(3), subjects.mailboxStatus];
  for (const subject of asked) {
    it(`none takes the request ${subject}`, () => {
      assert.ok(!streams.some((stream) => stream.subjects.some((pattern) => matches(pattern, subject))));
    });
  }

  it("names are what JetStream allows, and a stream holds many batches", () => {
    for (const stream of streams) {
      assert.match(stream.name, NAME);
      assert.ok(stream.maxBytes > 100 * BATCH_MAX_BYTES);
      if (stream.maxAgeSeconds > 0) assert.ok(stream.duplicateWindowSeconds <= stream.maxAgeSeconds);
    }
    for (const bucket of Object.values(buckets)) assert.match(bucket.name, NAME);
  });

  it("the key of a stored script carries any name", () => {
    assert.equal(storedScriptKey("acc", "Été .*>"), "acc.s.c38974c3a9202e2a3e");
  });
});
