export type { SignInOutcome } from "./door.ts";
export { imapCheck } from "./imap-check.ts";
export { bearerRefusal, parseOauthBearer } from "./oauth-bearer.ts";
export { type OpenDoors, type OpenDoorsOptions, openDoors } from "./open-doors.ts";
export { parsePlain } from "./sasl-plain.ts";
export { type DoorsSettings, doorsSections } from "./section.ts";
