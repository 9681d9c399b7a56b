import { runService } from "@tamis/kit";
import { scriptsService } from "./scripts-service.ts";

// ManageSieve (RFC 5804) ─▶ compiled ─▶ tables (the truth) ─▶ KV `scripts`, which filter reads
await runService(scriptsService);
