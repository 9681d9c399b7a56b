import type { AddressPart, Extension } from "../extension.ts";

const defaultSeparator = "+";

function part(name: string, cut: (localPart: string, at: number, length: number) => string | null): AddressPart {
  return {
    name,
    of({ localPart }, state) {
      const separator = state.facts.addressSeparator ?? defaultSeparator;
      const at = separator === "" ? -1 : localPart.indexOf(separator);
      return cut(localPart, at, separator.length);
    },
  };
}

/** `:user` and `:detail` of `user+detail@domain`; without a separator there is no detail (RFC 5233 §4). */
export const subaddress: Extension = {
  name: "subaddress",
  rfc: "RFC 5233",
  state: "yes",
  addressParts: [
    part("user", (local, at) => (at < 0 ? local : local.slice(0, at))),
    part("detail", (local, at, length) => (at < 0 ? null : local.slice(at + length))),
  ],
};
