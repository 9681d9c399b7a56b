export { type KeptKeys, type KeyAges, keptKey, keptKeys, renewKeys, tokenKeysOf } from "./kept-keys.ts";
export { MAX_TOKEN_LENGTH, makeToken, readToken, type TokenKey, type TokenKeys, tokensIn } from "./token.ts";
