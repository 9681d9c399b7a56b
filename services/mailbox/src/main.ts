import "./young-generation.ts";
import { runService } from "@tamis/kit";
import { sections } from "./config.ts";
import { examineMailbox } from "./doctor.ts";
import { startMailbox } from "./start-mailbox.ts";

await runService({ name: "mailbox", sections, start: startMailbox, doctor: examineMailbox });
