import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RelayState } from "../relay-state.ts";
import { SessionPool } from "../smtp/session-pool.ts";
import type { ClaimedRecipient } from "../tables/circular-work.ts";
import type { ComposedCircular, Withheld } from "./composed-circular.ts";
import { sendParcel } from "./send-parcel.ts";

const NOW = new Date(1_700_000_000_000);
const recipient: ClaimedRecipient = {
  id: 1_000_000_001,
  circularId: 7,
  lease: "a",
  address: "anna@academie.example",
  mailbox: "anna@academie.example",
  name: null,
  fields: {},
  messageId: null,
  attempts: 0,
  waitMs: 0,
};
/** Whoever asks there finds the relay down. */
const NOWHERE = {
  host: "127.0.0.1",
  port: 1,
  tls: "none",
  name: "x",
  connectMs: 1_000,
  commandMs: 1_000,
  dataMs: 1_000,
} as const;
const circular = { id: 7, accountId: "rh", tracked: true };

/** What becomes of the one recipient, where nothing may reach the relay or the ledger. */
async function resultOf(composed: ComposedCircular | null) {
  const relay = new RelayState({ firstMs: 1, maxMs: 1 }, () => {});
  const results = await sendParcel({ circular, recipients: [recipient], octets: 0 }, composed, {
    pool: new SessionPool({ route: NOWHERE, idleMs: 0, mailsPerSession: 1 }),
    relay,
    writer: { begin: () => assert.fail("it was begun") },
    retry: { firstMs: 1_000, maxMs: 1_000 },
    now: () => NOW,
    log: { warn() {} },
  });
  assert.equal(relay.isDown, false, "the relay was asked");
  assert.equal(results.length, 1);
  return results[0];
}

const withheld = (given: Withheld): ComposedCircular => ({ perMail: 1, octets: 0, mailFor: async () => given });

describe("a mail that is not composed", () => {
  it("for want of a certificate holds its recipient, and says why", async () => {
    const sealing = { by: "nothing", certificate: "expired" } as const;
    const result = await resultOf(withheld({ withheld: "held", problem: "no certificate", sealing }));
    assert.equal(result?.state, "held");
    assert.deepEqual([result?.reply?.code, result?.reply?.status, result?.sealing], [554, "5.7.5", sealing]);
  });

  it("since nobody can say now whether there is one is made later", async () => {
    const result = await resultOf(withheld({ withheld: "later", problem: "EIO" }));
    assert.deepEqual([result?.state, result?.reply], ["returned", null]);
    assert.ok((result?.nextAt.getTime() ?? 0) > NOW.getTime());
  });

  it("since its draft cannot be read is refused", async () => {
    assert.equal((await resultOf(null))?.state, "rejected");
    const broken: ComposedCircular = {
      perMail: 1,
      octets: 0,
      mailFor: () => Promise.reject(new RangeError("no address")),
    };
    assert.equal((await resultOf(broken))?.state, "rejected");
  });
});
