import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { type SunkMail, tempDir, waitFor } from "@tamis/testkit";
import { CircularAsks, recipientsOf } from "./circular-asks.ts";
import { World } from "./world.ts";

const files = tempDir("tamis-circulars");
mkdirSync(join(files.path, "lists"));
/** Message-IDs that arrived, one a line; while there is no such file, nothing is known of any. */
const ARRIVED = join(files.path, "arrived");

const SETTINGS = `
  retry: { first_ms: 50, max_ms: 200 }
  sweep_ms: 100
  lease_ms: 20000
  circulars: { undo_ms: 0, connections: 4 }
  lists: { folder: ${join(files.path, "lists")} }
  lookup: { command: [/bin/grep, -qxF, "{message-id}", "${ARRIVED}"], after_ms: 50, resend: true }
`;

const messageIdOf = ({ raw }: SunkMail): string => /^Message-ID: (.*)\r$/im.exec(raw.toString())?.[1] ?? "";

describe("circulars: to whom, and when", { timeout: 170_000 }, () => {
  let world: World;
  let asks: CircularAsks;
  before(async () => {
    world = await World.open({ store: "postgres", outbox: SETTINGS });
    await world.start();
  });
  beforeEach(() => {
    world.begin();
    asks = new CircularAsks(world.bus, world.account);
  });
  after(async () => {
    await world[Symbol.asyncDispose]();
    files.remove();
  });

  it("that are unknown are looked up: what arrived is accepted, what did not is sent again, as the same mail", async () => {
    world.sink.answer({ data: ({ to }) => (to[0]?.startsWith("agent-2@") ? "accept" : "keep-and-cut") });
    const id = await asks.sent(recipientsOf(3));
    assert.deepEqual((await asks.done(id)).counts, { accepted: 1, unknown: 2 });
    world.sink.answer({});
    const [arrived, lost] = (await asks.report(id)).filter(({ state }) => state === "unknown");
    writeFileSync(ARRIVED, `${arrived?.messageId}\n`);
    const ended = await asks.until(id, "the answers", ({ counts }) => counts.accepted === 3);
    rmSync(ARRIVED);
    assert.deepEqual(ended.counts, { accepted: 3 });
    const copies = (address = "") => world.mails.filter(({ to }) => to[0] === address);
    assert.deepEqual([copies(arrived?.address).length, copies(lost?.address).length], [1, 2]);
    assert.deepEqual(new Set(copies(lost?.address).map(messageIdOf)), new Set([lost?.messageId]));
    const report = await asks.report(id);
    assert.equal(report.find(({ address }) => address === arrived?.address)?.reply, "looked up: it arrived");
  });

  it("have recipients from lists, each once, all of them or none, and say what will leave", async () => {
    const { account: accountId } = asks;
    const write = (file: string, text: string): void => writeFileSync(join(files.path, "lists", file), text);
    write("profs.csv", "courriel,prenom\nanna@a.example,Anna\nbob@b.example,\nno address,X\n@include direction\n");
    write("direction.csv", "courriel,prenom\nchef@a.example,Chef\nANNA@a.example,A\n");
    const id = await asks.drafted([{ line: 2, address: "chef@a.example", fields: { prenom: "C" } }]);
    const away = await asks.ask({ op: "add-lists", accountId, id, sources: ["list:profs", "list:perdue"] });
    assert.ok(
      away.kind === "refused" && away.code === "bad-list" && away.reason.includes("nothing was added"),
      JSON.stringify(away),
    );
    assert.equal((await asks.status(id)).recipients, 1);
    await asks.expect("suppression", { op: "suppress", addresses: ["anna@a.example"] });
    const added = await asks.expect("added-lists", { op: "add-lists", accountId, id, sources: ["list:profs"] });
    assert.deepEqual(added.sources, [
      {
        ...{ source: "list:profs", found: 4, added: 1, doubles: 1, invalid: 1, incomplete: 1 },
        ...{ lists: 2, depth: 2, notes: [] },
      },
    ]);
    assert.deepEqual(
      added.leftOut.map(({ address, missing }) => [address, ...missing]),
      [["bob@b.example", "prenom"], ["no address"]],
    );
    assert.deepEqual([added.added, added.suppressed, added.recipients], [1, 1, 2]);
    const { size, ...outlook } = await asks.expect("checked", { op: "check", accountId, id });
    assert.ok(size > 300);
    const domains = [{ domain: "a.example", count: 1 }];
    assert.deepEqual(outlook, { kind: "checked", recipients: 2, suppressed: 1, domains, domainCount: 1 });
    const { lists } = await asks.expect("lists", { op: "lists", accountId });
    assert.deepEqual(
      lists.map(({ name }) => name),
      ["list:direction", "list:profs"],
    );
    const suppressed = await asks.expect("suppressed", { op: "suppressed", limit: 10 });
    assert.deepEqual(
      suppressed.addresses.map(({ address }) => address),
      ["anna@a.example"],
    );
    const undone = await asks.expect("suppression", { op: "unsuppress", addresses: ["Anna@a.example", "x"] });
    assert.deepEqual([undone.changed, undone.invalid], [1, ["x"]]);
    await asks.expect("done", { op: "discard", accountId, id });
    assert.equal((await asks.ask({ op: "status", accountId, id })).kind, "refused");
  });

  it("that recur make the next one when they begin, and none once they are cancelled", async () => {
    const { account: accountId } = asks;
    const id = await asks.drafted(recipientsOf(3));
    const wall = new Date(Date.now() + 1_500).toISOString().slice(0, 19);
    const when = { kind: "wall", wall, zone: "UTC" } as const;
    const scheduled = await asks.expect("scheduled", {
      op: "schedule",
      accountId,
      id,
      when,
      every: { rule: "daily", times: 3 },
    });
    assert.deepEqual([scheduled.recipients, scheduled.domains[0]?.count], [3, 3]);
    await asks.done(id);
    const listed = await waitFor(
      async () => {
        const { circulars } = await asks.expect("listed", { op: "list", accountId, limit: 10 });
        return circulars.length === 2 ? circulars : null;
      },
      { timeoutMs: 20_000, describe: "the next one" },
    );
    const next = listed.find((one) => one.id !== id);
    assert.ok(next);
    assert.deepEqual(
      [next.state, next.recipients, next.dueAt, next.every?.left],
      ["scheduled", 3, scheduled.dueAt + 86_400_000, 1],
    );
    await asks.change("cancel", id);
    assert.equal((await asks.status(next.id)).state, "cancelled");
  });

  it("wait for their hours", async () => {
    const { account: accountId } = asks;
    const id = await asks.drafted(recipientsOf(1));
    // A day of the week that is not today, in any zone.
    const day = (new Date().getUTCDay() + 3) % 7;
    const hours = { kind: "own", text: `${day} 8:00-18:00`, zone: "UTC" } as const;
    const scheduled = await asks.expect("scheduled", { op: "schedule", accountId, id, when: { kind: "now" }, hours });
    assert.ok(scheduled.saidAt !== undefined && scheduled.dueAt > scheduled.saidAt + 86_400_000);
    assert.equal(new Date(scheduled.dueAt).getUTCDay(), day);
    const { hours: open, state } = await asks.status(id);
    assert.deepEqual(
      [state, open?.opensAt, (open?.closesAt ?? 0) - scheduled.dueAt],
      ["scheduled", scheduled.dueAt, 36_000_000],
    );
    const wrong = { ...hours, text: "never" };
    const refused = await asks.ask({ op: "schedule", accountId, id, when: { kind: "now" }, hours: wrong });
    assert.ok(refused.kind === "refused" && refused.code === "bad-hours", JSON.stringify(refused));
    await asks.change("cancel", id);
  });
});
