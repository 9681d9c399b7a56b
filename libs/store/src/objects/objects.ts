import type { Readable } from "node:stream";

/** Octets by name: each written once, read as a whole, deleted. */
export interface Objects {
  /** Resolves when they would survive a power cut. The same name with the same octets may be put again. */
  put(name: string, octets: Uint8Array): Promise<void>;
  /** null where there is no such object. The octets have to be read to their end, or destroyed. */
  get(name: string): Promise<{ readonly size: number; readonly octets: Readable } | null>;
  /** One that is not there is deleted already. */
  delete(name: string): Promise<void>;
}

/** The objects cannot be reached now, or refuse us: `code` is the system's or the service's word for it. */
export class ObjectsUnavailable extends Error {
  readonly code: string;

  constructor(code: string, options?: ErrorOptions) {
    super(`the objects cannot be used: ${code}`, options);
    this.name = "ObjectsUnavailable";
    this.code = code;
  }
}

/** Names are lower-case letters, digits, `.`, `_` and `-`, and lead out of no folder. Throws `RangeError` on another. */
export function checkName(name: string): string {
  if (!/^[a-z0-9][a-z0-9._-]{2,199}$/.test(name)) throw new RangeError("not the name of an object");
  return name;
}
