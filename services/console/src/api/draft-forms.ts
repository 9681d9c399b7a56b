import { z } from "zod";
import type { Enclosed } from "../circular-draft-of.ts";
import { filesIn, readForm } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import { type BodyForm, jsonBody, parsed } from "./route.ts";

/** What was written, and what comes with it. */
interface Drafted<D> {
  readonly draft: D;
  readonly enclosed: Enclosed;
}

/** The forms in which a circular may be written: JSON, or with files in parts of a form. */
export function draftForms<S extends z.ZodType>(schema: S): readonly BodyForm<Drafted<z.output<S>>>[] {
  return [
    {
      type: "application/json",
      schema,
      read: async (request, limits) => ({
        draft: await jsonBody(schema).read(request, limits),
        enclosed: { files: [], secrets: [] },
      }),
    },
    {
      type: "multipart/form-data",
      schema: z.object({
        draft: schema.describe("JSON"),
        attachment: z.array(z.string().meta({ format: "binary" })).optional(),
        secret: z
          .array(z.string().meta({ format: "binary" }))
          .optional()
          .describe("an attachment that leaves only so that its reader alone can open it"),
      }),
      async read(request, { most, language }) {
        const form = await readForm(request, most);
        const part = form.get("draft");
        const text = typeof part === "string" ? part : ((await part?.text()) ?? "");
        const enclosed = { files: filesIn(form, "attachment"), secrets: filesIn(form, "secret") };
        return { draft: parsed(schema, jsonIn(text), language), enclosed };
      },
    },
  ];
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem("bad-request", "draft: JSON");
  }
}
