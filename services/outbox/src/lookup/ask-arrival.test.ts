import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { askArrival } from "./ask-arrival.ts";
import type { Arrival } from "./ask-program.ts";
import type { Searched } from "./search-mailbox.ts";

const HOUR_MS = 3_600_000;
const since = new Date("2026-11-26T13:00:00Z");
const question = { of: "circular", recipientId: 1, messageId: "<a@b>", sentAfter: since, since, attempts: 1 } as const;

interface Case {
  readonly name: string;
  readonly mailbox?: Searched["kind"];
  readonly program?: Arrival;
  readonly hours?: number;
  readonly want: Arrival;
  /** Whether the program was run. */
  readonly runs?: boolean;
}

const cases: readonly Case[] = [
  { name: "a copy is proof", mailbox: "found", program: "absent", want: "arrived", runs: false },
  { name: "no copy yet", mailbox: "not-found", want: "unclear" },
  { name: "no copy for long", mailbox: "not-found", hours: 24, want: "not-found" },
  { name: "a mailbox that is away, however long", mailbox: "silent", hours: 999, want: "unclear" },
  { name: "a folder that is not there, however long", mailbox: "refused", hours: 999, want: "unclear" },
  {
    name: "a mailbox that is away is no reason to believe the program",
    mailbox: "silent",
    program: "absent",
    want: "unclear",
    runs: false,
  },
  {
    name: "no copy, and the program is sure that it did not arrive",
    mailbox: "not-found",
    program: "absent",
    want: "absent",
  },
  {
    name: "no copy, and the program knows of it",
    mailbox: "not-found",
    program: "arrived",
    hours: 24,
    want: "arrived",
  },
  {
    name: "no copy for long, and a program that knows nothing",
    mailbox: "not-found",
    program: "unclear",
    hours: 24,
    want: "not-found",
  },
  { name: "a program alone", program: "absent", want: "absent" },
  { name: "a program alone, that knows nothing, however long", program: "unclear", hours: 999, want: "unclear" },
];

describe("whether a mail arrived of which nobody knows", () => {
  for (const { name, mailbox, program, hours = 1, want, runs = program !== undefined } of cases)
    it(name, async () => {
      const run: string[] = [];
      const places = {
        mailbox: mailbox === undefined ? null : { search: async () => mailbox, giveUpMs: 24 * HOUR_MS },
        program:
          program === undefined
            ? null
            : async (messageId: string) => {
                run.push(messageId);
                return program;
              },
        now: () => new Date(since.getTime() + hours * HOUR_MS),
      };
      assert.equal(await askArrival(question, places, new AbortController().signal), want);
      assert.deepEqual(run, runs ? ["<a@b>"] : []);
    });
});
