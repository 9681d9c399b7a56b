import type { Account } from "@tamis/kit";
import type { SubmissionConfig } from "./config.ts";

/** As whom the relay is told to send (RFC 4616 authorization identity) what an account wrote; null: as its own user. */
export function authzidAs(
  sendAs: SubmissionConfig["send_as"],
): (account: Pick<Account, "user" | "address">) => string | null {
  return ({ user, address }) => {
    switch (sendAs) {
      case "relay-user":
        return null;
      case "account-user":
        return user;
      case "account-address":
        return address;
      default:
        return sendAs satisfies never;
    }
  };
}
