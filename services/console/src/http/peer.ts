import { BlockList, isIP } from "node:net";

/** Whoever is at the other end, as far as it is known. */
export interface Peer {
  /** IP address. */
  readonly address: string;
  /** All the way from the browser: over TLS, or a trusted proxy says so. */
  readonly encrypted: boolean;
}

/** A request as it came in. */
export interface Arrival {
  /** Of the socket. */
  readonly address: string;
  /** Of the socket. */
  readonly encrypted: boolean;
  readonly forwardedFor: string | undefined;
  readonly forwardedProto: string | undefined;
}

/** Whether an address belongs to a proxy of ours. */
export type IsTrusted = (address: string) => boolean;

/** An IP address as it is compared: IPv4 inside IPv6 (RFC 4291 §2.5.5.2) is IPv4. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");

const familyOf = (address: string): "ipv4" | "ipv6" => (isIP(address) === 6 ? "ipv6" : "ipv4");

/** Addresses and networks, `10.0.0.0/8`. */
export function trusting(networks: readonly string[]): IsTrusted {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address));
}

/** What proxies say is believed as far as they are ours: the first address from the end that is not one of theirs is whoever asks. */
export function peerOf({ address, encrypted, forwardedFor, forwardedProto }: Arrival, isTrusted: IsTrusted): Peer {
  const socket = plainAddress(address);
  if (!isTrusted(socket)) return { address: socket, encrypted };
  const chain = (forwardedFor ?? "").split(",").map((one) => plainAddress(one.trim()));
  let peer = socket;
  for (let one = chain.pop(); one !== undefined && isIP(one) !== 0; one = chain.pop()) {
    peer = one;
    if (!isTrusted(one)) break;
  }
  const proto = forwardedProto?.split(",").at(-1)?.trim().toLowerCase();
  return { address: peer, encrypted: proto === undefined ? encrypted : proto === "https" };
}
