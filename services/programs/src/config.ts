import { folderPath } from "@tamis/kit";
import { z } from "zod";

const id = (meaning: string) => z.int().min(1).max(4_294_967_294).optional().describe(meaning);

/** The section `programs` of `tamis.yaml`: where it is absent no script runs any program. */
export const programsConfig = z
  .strictObject({
    folder: folderPath("the folder of the programs that scripts may name; it and they belong to root"),
    accounts: z
      .union([z.literal("all"), z.array(z.string().regex(/^[^\s@]+@[^\s@]+$/, "not a mail address")).min(1)])
      .describe("whose scripts may run programs: `all`, or addresses"),
    uid: id("user that programs run as; needed where Tamis runs as root"),
    gid: id("group that programs run as; by default the number of the user"),
    timeout_seconds: z.number().min(0.1).max(600).default(10).describe("after this a program is killed"),
    output_bytes: z.int().min(0).max(67_108_864).default(16_777_216).describe("a program that writes more is killed"),
    at_once: z.int().min(1).max(256).default(4).describe("programs running at once"),
    memory_bytes: z.int().min(16_777_216).default(536_870_912).describe("address space of one process (RLIMIT_AS)"),
    processes: z.int().min(1).max(100_000).default(512).describe("processes of the user at once (RLIMIT_NPROC)"),
  })
  .superRefine((programs, context) => {
    if (programs.uid !== undefined || process.getuid?.() !== 0) return;
    context.addIssue({
      code: "custom",
      path: ["uid"],
      message: "missing: programs of scripts must not run as root",
      params: { mend: "name a user of its own by number (`uid: 990`), or run this service as an ordinary user" },
    });
  })
  .describe("programs that scripts may run (vnd.dovecot.pipe, filter, execute)");

export type ProgramsConfig = Readonly<z.output<typeof programsConfig>>;
