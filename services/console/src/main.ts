import { runService } from "@tamis/kit";
import { consoleService } from "./console-service.ts";

// HTTP (pages, API, links to leave a list) ─▶ `outbox` and `receipts`, asked as the owner who signed in
await runService(consoleService);
