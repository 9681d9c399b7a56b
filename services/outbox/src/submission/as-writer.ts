import type { Account } from "@tamis/kit";
import { type Identities, IdentitiesUnavailable } from "../lists/ldap/directory-identities.ts";
import { localReply, type SmtpReply } from "../smtp/reply.ts";

/** Who else knows the addresses of people; null: nobody does. */
export type FurtherIdentities = Pick<Identities, "find"> | null;

/** It is refused because the address is not the writer's. */
const isForeign = (result: object): boolean => "code" in result && "status" in result && result.status === "5.7.1";

/**
 * What an account writes, by the addresses that are configured; where one is none of these, by those of the directory, too, which is asked for
 * nothing else. While that cannot be asked, whoever writes tries again.
 */
export async function asWriter<T extends object>(
  account: Account,
  identities: FurtherIdentities,
  write: (account: Account) => T | SmtpReply,
): Promise<T | SmtpReply> {
  const written = write(account);
  if (identities === null || !isForeign(written)) return written;
  try {
    const found = await identities.find(account.address);
    return found.length === 0 ? written : write({ ...account, identities: [...(account.identities ?? []), ...found] });
  } catch (error) {
    if (!(error instanceof IdentitiesUnavailable)) throw error;
    return localReply(451, "4.3.0", "whose address this is cannot be known now: try again later");
  }
}
