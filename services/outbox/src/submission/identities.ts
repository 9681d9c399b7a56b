import type { Account } from "@tamis/kit";
import { isSameMailbox } from "../smtp/address.ts";

/** Whoever writes, by address. */
type Writer = Pick<Account, "address" | "identities">;

/** The addresses that an account may write as: its own, and those that are configured beside it. */
export const identitiesOf = ({ address, identities = [] }: Writer): readonly string[] => [address, ...identities];

/** Whether an account may write as this address. */
export const mayWriteAs = (account: Writer, address: string): boolean =>
  identitiesOf(account).some((identity) => isSameMailbox(identity, address));
