import type { ServiceDefinition } from "@tamis/kit";
import { sections } from "./config.ts";
import { examineMailbox } from "./doctor.ts";
import { startMailbox } from "./start-mailbox.ts";

/** IMAP accounts ─▶ MAIL, or `filter` asked at once; `mailbox.apply` ─▶ the mailboxes. */
export const mailboxService: ServiceDefinition<typeof sections> = {
  name: "mailbox",
  sections,
  start: startMailbox,
  doctor: examineMailbox,
};
