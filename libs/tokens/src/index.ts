export { type KeptKeys, type KeyAges, keptKey, keptKeys, renewKeys, tokenKeysOf } from "./kept-keys.ts";
export { type KeyWatch, watchKeys } from "./key-watch.ts";
export { type Link, makeObjectName, readLink, signLink } from "./link.ts";
export { MAX_TOKEN_LENGTH, makeToken, readToken, type TokenKey, type TokenKeys, tokensIn } from "./token.ts";
