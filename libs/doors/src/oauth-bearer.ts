import { decodeUtf8 } from "./sasl-plain.ts";

/** What a client of SASL OAUTHBEARER says. */
export interface BearerMessage {
  readonly name: string;
  readonly token: string;
}

/** RFC 7628 §3.2.2: what is challenged with when a token is refused; the client answers with one %x01. */
export const bearerRefusal = JSON.stringify({ status: "invalid_token" });

const SEPARATOR = "\x01";
/** RFC 6750 §2.1. */
const BEARER = /^bearer ([A-Za-z0-9\-._~+/]+=*)$/i;
/** RFC 5801 §4: no channel binding (`n` or `y`), then the name as authzid. */
const GS2_HEADER = /^[ny],a=([^,]+),$/;
/** RFC 5801 §4: in names `=2C` is a comma and `=3D` an equals sign; no other `=` may stand there. */
const SASL_NAME = /^(?:[^=,\0]|=2C|=3D)+$/;

/**
 * RFC 7628 §3.1: `gs2-header kvsep *kvpair kvsep`. The name must be there: which account is meant is never guessed from
 * a token. `null` where it is not that. Never throws.
 */
export function parseOauthBearer(message: Uint8Array): BearerMessage | null {
  const text = decodeUtf8(message);
  if (text === null || !text.endsWith(SEPARATOR + SEPARATOR)) return null;
  const [header = "", ...pairs] = text.slice(0, -2).split(SEPARATOR);
  const saslName = GS2_HEADER.exec(header)?.[1];
  const auths = pairs.filter((pair) => pair.startsWith("auth="));
  const token = auths.length === 1 ? BEARER.exec(auths[0]?.slice("auth=".length) ?? "")?.[1] : undefined;
  if (saslName === undefined || token === undefined || !SASL_NAME.test(saslName)) return null;
  return { name: saslName.replaceAll("=2C", ",").replaceAll("=3D", "="), token };
}
