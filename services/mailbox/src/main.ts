import "@tamis/kit/young-generation";
import { runService } from "@tamis/kit";
import { sections } from "./config.ts";
import { examineMailbox } from "./doctor.ts";
import { startMailbox } from "./start-mailbox.ts";

// IDLE and UIDs ─▶ mail.received (raw mail, in batches); mailbox.apply (decisions) ─▶ MOVE, flags ─▶ mail-applied; mailbox.ask ─▶ what others want of a mailbox
await runService({ name: "mailbox", sections, start: startMailbox, doctor: examineMailbox });
