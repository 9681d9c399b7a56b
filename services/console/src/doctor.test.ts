import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { unsubscribeFindings } from "./doctor.ts";

describe("the links by which lists are left", () => {
  const url = "https://console.example.org";
  for (const [name, consoleUrl, base, want] of [
    ["lead here", url, url, []],
    ["lead here, however the host is written", url, "https://Console.example.org:443", []],
    ["lead elsewhere", url, "https://old.example.org", [`outbox.circulars.unsubscribe_base: ${url}; if`]],
    ["lead below a path that nobody answers", url, `${url}/tamis`, [`outbox.circulars.unsubscribe_base: ${url}; if`]],
    ["are not there", url, undefined, [`outbox.circulars.unsubscribe_base: ${url}`]],
    ["cannot be there over http://", "http://127.0.0.1:8080", undefined, []],
  ] as const)
    it(name, () => {
      const circulars = base === undefined ? {} : { unsubscribe_base: base };
      const findings = unsubscribeFindings({ console: { url: consoleUrl }, outbox: { circulars } });
      const mends = findings.filter(({ ok }) => !ok).map(({ mend }) => mend?.en ?? "");
      assert.equal(mends.length, want.length);
      for (const [index, one] of want.entries()) assert.ok(mends[index]?.startsWith(one), mends[index]);
    });
});
