import type { Extension } from "../extension.ts";

/** `:all`, `:localpart`, `:domain` (RFC 5228 §2.7.4). */
export const baseAddressParts: Extension = {
  name: null,
  rfc: "RFC 5228 §2.7.4",
  state: "yes",
  addressParts: [
    { name: "all", of: ({ address }) => address },
    { name: "localpart", of: ({ localPart }) => localPart },
    { name: "domain", of: ({ domain }) => (domain === "" ? null : domain) },
  ],
};
