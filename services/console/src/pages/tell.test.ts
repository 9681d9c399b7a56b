import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tellingIn } from "./tell.ts";

const plain = (text: string): string => text.replace(/\s/gu, " ");

describe("what pages say of numbers", () => {
  const [en, fr] = [tellingIn("en", "Europe/Paris"), tellingIn("fr", "Europe/Paris")];
  it("is written as people write them", () => {
    assert.deepEqual([en.number(25_500), plain(fr.number(25_500))], ["25,500", "25 500"]);
    assert.deepEqual([0, 1023, 1024, 1_600_000, 3 * 1024 ** 3].map(en.size).map(plain), [
      "0 octets",
      "1,023 octets",
      "1 KiB",
      "1.5 MiB",
      "3 GiB",
    ]);
    assert.equal(plain(fr.size(1_600_000)), "1,5 Mio");
    assert.match(plain(fr("added", { count: 25_500 })), /25 500/);
  });

  it("has times to the second where a table has them", () => {
    assert.equal(plain(fr.stamp(0)), "01/01/1970 01:00:00");
  });
});
