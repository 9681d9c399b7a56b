export { accountBook } from "./account-book.ts";
export { type AuditFields, auditor } from "./audit.ts";
export { type Door, type DoorOptions, openDoor, type SignInOutcome } from "./door.ts";
export { imapCheck } from "./imap-check.ts";
export { bearerRefusal, parseOauthBearer } from "./oauth-bearer.ts";
export { type OpenDoors, openDoors } from "./open-doors.ts";
export { parsePlain } from "./sasl-plain.ts";
export { type DoorsSettings, doorsSections } from "./section.ts";
