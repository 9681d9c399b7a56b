import { runService } from "@tamis/kit";
import { programsService } from "./programs-service.ts";

// programs.run (a call for one mail) ─▶ journal in KV ─▶ one process of a program in the operator's folder ─▶ its outcome, kept for the re-run
await runService(programsService);
