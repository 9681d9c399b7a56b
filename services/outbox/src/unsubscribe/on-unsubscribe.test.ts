import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { makeUnsubscribeToken, type UnsubscribeKeys } from "@tamis/compose";
import type { Subscriber } from "../tables/subscriptions.ts";
import { onUnsubscribe } from "./on-unsubscribe.ts";

const keys: UnsubscribeKeys = { current: { id: "k1", secret: Buffer.alloc(32, 1) }, old: [] };
const others: UnsubscribeKeys = { current: { id: "k1", secret: Buffer.alloc(32, 2) }, old: [] };
const anna: Subscriber = { list: "agents.academie.example", mailbox: "anna@academie.example" };
const tokenOf = (list: string, recipientId: string, made = keys) => makeUnsubscribeToken({ list, recipientId }, made);

describe("leaving a list by a token", () => {
  let left: Subscriber[];
  let asked: number[];
  beforeEach(() => {
    left = [];
    asked = [];
  });
  const bring = (token: string) =>
    onUnsubscribe(token, {
      subscriptions: {
        find: async (recipient) => {
          asked.push(recipient);
          return recipient === 1_000_000_007 ? anna : null;
        },
        leave: async (subscriber) => void left.push(subscriber),
      },
      keys,
      now: () => new Date(0),
    });

  it("is done for the one that it was made for", async () => {
    await bring(tokenOf(anna.list, "1000000007").toUpperCase());
    assert.deepEqual([left, asked], [[anna], [1_000_000_007]]);
  });
  for (const { name, token } of [
    { name: "of another key", token: tokenOf(anna.list, "1000000007", others) },
    { name: "of another list", token: tokenOf("parents.academie.example", "1000000007") },
    { name: "of nobody that is known", token: tokenOf(anna.list, "1000000008") },
    { name: "of nobody's list", token: tokenOf("", "1000000008") },
    { name: "of a number beyond all tables", token: tokenOf(anna.list, "99999999999999999999") },
    { name: "that is none", token: "'; drop table unsubscribed" },
    { name: "that is empty", token: "" },
  ])
    it(`changes nothing with a token ${name}, and asks the tables all the same`, async () => {
      await bring(token);
      assert.deepEqual([left, asked.length], [[], 1]);
    });
});
