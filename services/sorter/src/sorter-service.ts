import { filterService } from "@tamis/filter";
import { partOf, together } from "@tamis/kit";
import { mailboxService } from "@tamis/mailbox";

/** `filter` first: whoever asks it finds it there, and it is there as long as somebody asks. */
export const sorterService = together("sorter", [partOf(filterService), partOf(mailboxService)]);
