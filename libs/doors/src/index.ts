export type { SignInOutcome } from "./door.ts";
export { type ImapLook, lookAtImap } from "./look-at-imap.ts";
export { bearerRefusal, parseOauthBearer } from "./oauth-bearer.ts";
export { type OpenDoors, type OpenDoorsOptions, openDoors } from "./open-doors.ts";
export { parsePlain } from "./sasl-plain.ts";
export { type DoorsSettings, doorsSections } from "./section.ts";
