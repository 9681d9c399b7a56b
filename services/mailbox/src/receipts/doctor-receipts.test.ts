import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { Account } from "@tamis/kit";
import { tempDir } from "@tamis/testkit";
import { noteReceipts } from "./doctor-receipts.ts";

const account: Account = { id: "ada", address: "ada@ac.test", user: "ada", mode: "act" };
const answered: Account = { ...account, receipts: {} };
const BOTH = "receipts: {}\noutbox: { relay: { host: smtp.example.org } }\n";

describe("what the doctor says of receipts", () => {
  const dir = tempDir("tamis-doctor-receipts");
  after(() => dir.remove());
  const cases = [
    { name: "its owner's program answers", account, sections: "", hasModSeqs: false, want: [] },
    { name: "all is there", account: answered, sections: BOTH, hasModSeqs: true, want: ["receipts true"] },
    { name: "no CONDSTORE", account: answered, sections: BOTH, hasModSeqs: false, want: ["receipts false"] },
    { name: "nobody sends", account: answered, sections: "receipts: {}\n", hasModSeqs: true, want: ["receipts false"] },
  ];
  for (const { name, sections, hasModSeqs, want, ...of } of cases)
    it(name, () => {
      const file = join(dir.path, "tamis.yaml");
      writeFileSync(file, `state_dir: .\n${sections}`, { mode: 0o600 });
      const found: string[] = [];
      noteReceipts({ hasModSeqs }, { account: of.account, file }, (key, remark) => {
        found.push(`${key} ${remark.mend === undefined}`);
      });
      assert.deepEqual(found, want);
    });
});
