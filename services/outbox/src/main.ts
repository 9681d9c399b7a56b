import "@tamis/kit/young-generation";
import { runService } from "@tamis/kit";
import { outboxService } from "./outbox-service.ts";

// outbox.submit, the submission port, outbox.drafts ─▶ admitted ─▶ ledger (committed, answered) ─▶ claimed ─▶ begun ─▶ SMTP ─▶ last word ─▶ sending-settled, put-back
// outbox.circulars ─▶ tables of their own ─▶ claimed, begun and recorded in groups ─▶ SMTP ─▶ circular-changed, recipients-tracked
await runService(outboxService);
