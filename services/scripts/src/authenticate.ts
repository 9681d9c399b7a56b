import { bearerRefusal, type OpenDoors, parseOauthBearer, parsePlain, type SignInOutcome } from "@tamis/doors";

export interface SaslDeps {
  readonly door: Pick<OpenDoors, "signIn" | "malformed" | "mechanisms">;
}

/** `challenge`: the client is told why and has to answer before it is refused (RFC 7628 §3.2.3). */
export type SaslOutcome = SignInOutcome | { readonly kind: "challenge"; readonly text: string };

/** One message of a mechanism that needs one (RFC 4616, RFC 7628); `null`: it could not be decoded. */
export async function authenticate(
  mechanism: string,
  message: Uint8Array | null,
  peer: string,
  { door }: SaslDeps,
): Promise<SaslOutcome> {
  if (mechanism === "PLAIN") {
    const plain = message === null ? null : parsePlain(message);
    if (plain === null) return door.malformed("PLAIN", peer);
    const { name, authzid, password } = plain;
    return door.signIn({ name, authzid, peer, credential: { kind: "password", password } });
  }
  const bearer = message === null ? null : parseOauthBearer(message);
  if (bearer === null) return door.malformed("OAUTHBEARER", peer);
  const { name, token } = bearer;
  const outcome = await door.signIn({ name, authzid: "", peer, credential: { kind: "token", token } });
  return outcome.kind === "refused" ? { kind: "challenge", text: bearerRefusal } : outcome;
}
