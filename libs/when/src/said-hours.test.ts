import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readSaidHours } from "./index.ts";

const read = (text: string): string => {
  const said = readSaidHours(text, "Europe/Paris");
  if (!said.ok) return said.fault;
  const { days, from, to, zone } = said.hours;
  return `${days.join("")} ${from} ${to} ${zone}`;
};

describe("office hours as they are said", () => {
  for (const [text, want] of [
    ["Mon-Fri 8:00-18:00", "12345 08:00 18:00 Europe/Paris"],
    ["lun-ven 8h-18h30", "12345 08:00 18:30 Europe/Paris"],
    ["du lundi au vendredi de 8h à 18h", "12345 08:00 18:00 Europe/Paris"],
    ["lundis, jeudis 8h-12h", "14 08:00 12:00 Europe/Paris"],
    ["Monday to Friday 8 to 18", "12345 08:00 18:00 Europe/Paris"],
    ["1-5 0800-1800", "12345 08:00 18:00 Europe/Paris"],
    ["fri–mon 08:00–24:00", "0156 08:00 24:00 Europe/Paris"],
    ["sat 9:00-12:00 Indian/Reunion", "6 09:00 12:00 Indian/Reunion"],
    ["8:00-18:00", "no-days"],
    ["someday 8:00-18:00", "no-days"],
    ["Mon-Fri", "bad-hours"],
    ["Mon-Fri 18:00-8:00", "bad-hours"],
    ["Mon-Fri 8:00-25:00", "bad-hours"],
  ] as const)
    it(`reads ${text}`, () => assert.equal(read(text), want));

  it("never throws on garbage", () => {
    fc.assert(fc.property(fc.string(), (text) => typeof readSaidHours(`${text} 8-18`, "UTC").ok === "boolean"));
  });
});
