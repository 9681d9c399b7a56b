import type { OpenDoors } from "@tamis/doors";
import type { Account } from "@tamis/kit";
import { Problem } from "../http/problem.ts";
import { type Sender, siteOf } from "../http/same-site.ts";
import { type NameAndPassword, parseBasic } from "./basic.ts";
import type { KnownPasswords } from "./known-passwords.ts";
import { isFormToken, type Session, type Sessions } from "./sessions.ts";

/** Somebody who is signed in. */
export interface Visitor {
  readonly account: Account;
  /** null: the request itself had the password. */
  readonly session: Session | null;
}

export interface VisitorDeps {
  readonly door: Pick<OpenDoors, "signIn" | "account" | "malformed">;
  readonly sessions: Sessions;
  readonly known: KnownPasswords;
}

/** What a request says of who sends it. */
export interface Credentials {
  readonly authorization: string | undefined;
  /** Of our cookie. */
  readonly cookie: string | undefined;
  /** IP address. */
  readonly peer: string;
}

/** Who sends a request; null: nobody who says. A {@link Problem} where what they say is not so. `RetryLater` while NATS is away. */
export async function visitorOf(
  { authorization, cookie, peer }: Credentials,
  deps: VisitorDeps,
): Promise<Visitor | null> {
  const typed = parseBasic(authorization);
  if (typed === "malformed") {
    await deps.door.malformed("PLAIN", peer);
    throw new Problem("sign-in-refused");
  }
  if (typed !== null) return { account: await signIn(typed, peer, deps), session: null };
  const session = cookie === undefined ? null : await deps.sessions.find(cookie);
  const account = session === null ? null : deps.door.account(session.accountId);
  return account === null ? null : { account, session };
}

async function signIn(typed: NameAndPassword, peer: string, { door, known }: VisitorDeps): Promise<Account> {
  const id = known.find(typed, peer);
  const before = id === null ? null : door.account(id);
  if (before !== null) return before;
  const account = await passDoor(typed, peer, door);
  known.add(typed, peer, account.id);
  return account;
}

/** The account that a name and a password belong to, after all that `doors` does against guessing; else a {@link Problem}. */
export async function passDoor(
  { name, password }: NameAndPassword,
  peer: string,
  door: Pick<OpenDoors, "signIn">,
): Promise<Account> {
  const outcome = await door.signIn({ name, authzid: "", credential: { kind: "password", password }, peer });
  switch (outcome.kind) {
    case "accepted":
      return outcome.account;
    case "refused":
      throw new Problem("sign-in-refused");
    case "later":
      throw new Problem("sign-in-later");
    default:
      return outcome satisfies never;
  }
}

/** Where a request that changes something comes from. */
export interface Change extends Sender {
  /** From a form, or a header field of a script of ours. */
  readonly formToken: string | undefined;
}

/**
 * A {@link Problem} `cross-site` where another site may have made a browser send this. Browsers send passwords of Basic by themselves, as they
 * do cookies: neither is proof that somebody wanted it.
 */
export function refuseForeign({ formToken = "", ...sender }: Change, session: Session | null, url: string): void {
  const site = siteOf(sender, url);
  if (site === "foreign") throw new Problem("cross-site");
  if (session !== null && (site !== "ours" || !isFormToken(session, formToken))) throw new Problem("cross-site");
}
