import { runService } from "@tamis/kit";
import { receiptsService } from "./receipts-service.ts";

// recipients-tracked (EVENTS) ─▶ tables ◀─ receipts.report (what filter saw in somebody's mail); receipts.ask ─▶ counts, table, CSV
// receipt-asked, mail-read (EVENTS) ─▶ requests ─▶ decided ─▶ settle-receipt (mailbox) ─▶ notification ─▶ outbox.submit
await runService(receiptsService);
