import { isIPv4, isIPv6 } from "node:net";

/**
 * What is counted as one address: an IPv4 address, or the /64 of an IPv6 one (RFC 6177: what one customer gets, at
 * least). IPv4 in IPv6's clothes (RFC 4291 §2.5.5.2) is IPv4.
 */
export function peerKey(address: string): string {
  const bare = address.replace(/%.*$/, "");
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return mapped;
  if (!isIPv6(bare)) return bare;
  return `${groupsOf(bare).slice(0, 4).join(":")}::/64`;
}

function groupsOf(address: string): string[] {
  // Dotted ends stand for two groups; which ones does not matter to the first half.
  const [head = "", tail] = address.replace(/\d+\.\d+\.\d+\.\d+$/, "0:0").split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  return [...first, ...Array.from({ length: zeros }, () => "0"), ...last].map((group) =>
    Number.parseInt(group, 16).toString(16),
  );
}
