import "@tamis/kit/young-generation";
import { runService } from "@tamis/kit";
import { mailboxService } from "./mailbox-service.ts";

// IDLE and UIDs ─▶ mail.received (raw mail, in batches); mailbox.apply (decisions) ─▶ MOVE, flags ─▶ mail-applied; mailbox.ask ─▶ what others want of a mailbox
await runService(mailboxService);
