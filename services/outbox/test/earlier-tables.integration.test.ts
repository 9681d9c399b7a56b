import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openCircularWork } from "../src/tables/circular-work.ts";
import { openCirculars } from "../src/tables/circulars.ts";
import { openDraftWork } from "../src/tables/draft-work.ts";
import { openFilings } from "../src/tables/filings.ts";
import { openOwners } from "../src/tables/owners.ts";
import { openWork } from "../src/tables/work.ts";
import { fromVersion, versions } from "./earlier-tables.ts";
import { at, DAY, HOUR, lease, places } from "./ledger-bench.ts";

// That of PGlite is the same SQL.
describe("tables of earlier versions in PostgreSQL", { timeout: 120_000 }, () => {
  for (const [index, version] of versions.entries())
    it(`${version}: what they held goes on`, async () => {
      const now = places.find(({ name }) => name === "PostgreSQL")?.settings();
      assert.ok(now?.kind === "postgres");
      const upgraded = await fromVersion(version, { ...now, schema_prefix: `from_${index}_`, connections: 2 });
      try {
        const [line] = await openOwners(upgraded, () => DAY).list("anna", null, 10);
        assert.deepEqual([line?.state, line?.to], ["scheduled", "b@example.org"]);
        const [claimed] = await openWork(upgraded, DAY).claim(10, lease("l"), at(0));
        assert.equal(Buffer.from(claimed?.octets ?? []).toString(), "X: y\r\nSubject: x");
        const queue = openFilings(upgraded);
        const filings = await queue.take(10, at(0), at(HOUR));
        assert.deepEqual(
          filings.map(({ mailbox }) => mailbox),
          index < 1 ? [] : ["Sent"],
        );
        for (const { id } of filings) {
          await queue.keep([id], at(HOUR), at(HOUR + 10));
          await queue.later(id, at(HOUR), at(HOUR + 1));
          assert.deepEqual(await queue.take(10, at(HOUR + 9), at(DAY)), []);
          await queue.later(id, at(HOUR + 10), at(HOUR + 9));
          assert.equal((await queue.take(10, at(HOUR + 9), at(DAY)))[0]?.attempts, 1);
        }
        const [circular] = await openCirculars(upgraded, DAY).list("direction", 10);
        assert.deepEqual(circular?.counts, index < 2 ? undefined : { scheduled: 1 });
        const options = { slot: 0, graceMs: HOUR, deadlineMs: DAY, awaitsAnswers: false, rates: { perDomain: {} } };
        const share = { circularId: Number(circular?.id ?? 0), count: 1, perMail: 1 };
        const { recipients } = await openCircularWork(upgraded, options).claim([share], lease("l"), at(0));
        assert.deepEqual(
          recipients.map(({ id }) => id),
          index < 2 ? [] : [900],
        );
        const rules = { domain: "mx.example.org", lifeMs: DAY, isTracking: false };
        const drafts = await openDraftWork(upgraded, rules).take(10, at(0), at(HOUR));
        assert.deepEqual(
          drafts.map(({ draft, word }) => [draft.name, word]),
          index < 5 ? [] : [["n", null]],
        );
      } finally {
        await upgraded.close();
      }
    });
});
