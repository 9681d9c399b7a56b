import { runService } from "@tamis/kit";
import { filterService } from "./filter-service.ts";

// mail.received (raw mail, in batches) ─▶ the account's active script ─▶ mailbox.apply (commands) + mail-decided (facts)
await runService(filterService);
