import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Arrival, peerOf, trusting } from "./peer.ts";

const isTrusted = trusting(["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"]);
const arrival = (more: Partial<Arrival>): Arrival => ({
  address: "203.0.113.5",
  encrypted: false,
  forwardedFor: undefined,
  forwardedProto: undefined,
  ...more,
});

describe("whoever asks", () => {
  for (const { name, came, want } of [
    { name: "is at the socket", came: {}, want: ["203.0.113.5", false] },
    {
      name: "may be IPv4 in IPv6",
      came: { address: "::ffff:203.0.113.5", encrypted: true },
      want: ["203.0.113.5", true],
    },
    {
      name: "is not believed about itself",
      came: { forwardedFor: "198.51.100.1", forwardedProto: "https" },
      want: ["203.0.113.5", false],
    },
    {
      name: "is named by our proxy",
      came: { address: "10.1.2.3", forwardedFor: "198.51.100.1", forwardedProto: "https" },
      want: ["198.51.100.1", true],
    },
    {
      name: "is the last before our proxies, whatever it wrote itself",
      came: {
        address: "::ffff:10.1.2.3",
        forwardedFor: "127.0.0.1, 198.51.100.1, 192.0.2.1 , 2001:db8::9",
        forwardedProto: "http, https",
      },
      want: ["198.51.100.1", true],
    },
    {
      name: "is the proxy where it names nobody",
      came: { address: "192.0.2.1", forwardedFor: "unknown", encrypted: true },
      want: ["192.0.2.1", true],
    },
    {
      name: "came in the clear where the proxy says so",
      came: { address: "192.0.2.1", encrypted: true, forwardedProto: "http" },
      want: ["192.0.2.1", false],
    },
    {
      name: "is not trusted a bit beside the network",
      came: { address: "11.0.0.1", forwardedFor: "1.2.3.4" },
      want: ["11.0.0.1", false],
    },
  ])
    it(name, () => {
      const { address, encrypted } = peerOf(arrival(came), isTrusted);
      assert.deepEqual([address, encrypted], want);
    });
  it("may be no address at all, as when the socket is gone", () => {
    assert.deepEqual(peerOf(arrival({ address: "" }), isTrusted), { address: "", encrypted: false });
  });
});
