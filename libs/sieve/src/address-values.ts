import { otherSpelling } from "@tamis/message";
import type { AddressPart } from "./extension.ts";
import type { RunState } from "./run-state.ts";

type Address = Parameters<AddressPart["of"]>[0];

/** How a test reads a part of addresses. */
export interface AddressReader {
  /** Tells it from other ways to read. */
  readonly name: string;
  /** A field without any address is compared as it is read. */
  readonly takesText: boolean;
  read(address: Address, state: RunState): readonly string[];
}

/**
 * Reads a part of addresses. An internationalised domain has two spellings (RFC 5890 §2.3.2.1), and whoever writes a rule
 * sees the one or the other: both are compared, but where values are counted or put in order.
 */
export function addressReader(part: AddressPart, match: string | undefined): AddressReader {
  if (match === "count" || match === "value") {
    const read = (address: Address, state: RunState): readonly string[] => asList(part.of(address, state));
    return { name: `${part.name} as written`, takesText: false, read };
  }
  return {
    name: part.name,
    takesText: part.name === "all",
    read(address, state) {
      const value = part.of(address, state);
      const domain = otherSpelling(address.domain);
      if (domain === null) return asList(value);
      const text = address.address.slice(0, address.address.lastIndexOf("@") + 1) + domain;
      const other = part.of({ ...address, address: text, domain }, state);
      return other === value ? asList(value) : [...asList(value), ...asList(other)];
    },
  };
}

const asList = (value: string | null): readonly string[] => (value === null ? [] : [value]);
