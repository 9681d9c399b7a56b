import "@tamis/kit/young-generation";
import { runService } from "@tamis/kit";
import { sorterService } from "./sorter-service.ts";

// `mailbox` and `filter`, each as it is, in one process: new mail is decided on where it was fetched
await runService(sorterService);
