import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { headerNames } from "@tamis/contracts";

/** From so many octets on a payload is compressed: mail shrinks to a third or less, and JetStream writes it to disk. */
const FROM_BYTES = 8 * 1024;
/** No payload of ours is longer: what claims to be is none. */
const MAX_BYTES = 64 * 1024 * 1024;
const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const ZSTD = "zstd";

/** What of a stored message tells how to read it. */
export interface Stored {
  readonly data: Uint8Array;
  readonly headers?: { get(name: string): string } | undefined;
}

/** The payload as it travels (RFC 8878), null where it stays as it is: short, or not shorter by it. */
export function compressed(payload: Uint8Array): { readonly payload: Uint8Array; readonly encoding: string } | null {
  if (payload.length < FROM_BYTES) return null;
  const shorter = zstdCompressSync(payload, FASTEST);
  return shorter.length < payload.length ? { payload: shorter, encoding: ZSTD } : null;
}

/** The payload as it was published. Throws where it is said to be compressed and is not, or is longer than 64 MiB. */
export function payloadOf({ data, headers }: Stored): Uint8Array {
  return headers?.get(headerNames.encoding) === ZSTD ? zstdDecompressSync(data, { maxOutputLength: MAX_BYTES }) : data;
}
