import { runService } from "@tamis/kit";
import { outboxService } from "./outbox-service.ts";

// outbox.submit ─▶ admitted ─▶ ledger (committed, answered) ─▶ claimed ─▶ begun ─▶ SMTP ─▶ last word ─▶ sending-settled, put-back
await runService(outboxService);
