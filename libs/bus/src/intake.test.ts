import assert from "node:assert/strict";
import { it } from "node:test";
import { millis } from "@nats-io/transport-node";
import { Intake } from "./intake.ts";
import type { Link } from "./link.ts";

const LEASE_TTL_MS = 10_000;

it("what a process has asked for ends before its leases do: stopped dead, it does not take messages from its successor", () => {
  const asked: { readonly batch: number; readonly expires: number }[] = [];
  const nc = {
    subscribe: () => ({ unsubscribe: () => undefined }),
    publish: (_: string, request: string) => void asked.push(JSON.parse(request)),
    isClosed: () => false,
  };
  const link = { nc, isUp: () => true, onStatus: () => () => undefined } as unknown as Link;
  const intake = new Intake(link, { stream: "APPLY", durable: "apply-1", room: () => 8, step: 2, onArrival: () => {} });
  intake.stop();
  assert.equal(asked.length, 1);
  assert.equal(asked[0]?.batch, 8);
  assert.ok(millis(asked[0]?.expires ?? Number.POSITIVE_INFINITY) < LEASE_TTL_MS);
});
