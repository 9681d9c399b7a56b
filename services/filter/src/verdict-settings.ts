import { patternOf } from "@tamis/sieve";
import { z } from "zod";

const header = (meaning: string) =>
  z
    .string()
    .regex(/^[\x21-\x39\x3b-\x7e]{1,100}$/, "no name of a header field")
    .transform((name) => name.toLowerCase())
    .describe(meaning);

const pattern = (meaning: string) =>
  z
    .string()
    .min(1)
    .refine((text) => patternOf(text) !== null, "no regular expression (POSIX, extended)")
    .describe(meaning);

const field = {
  header: header("the field in which the verdict stands; of several the topmost counts"),
  pattern: pattern("finds the verdict in the field: the first group, or the whole match").optional(),
};

const max = z.number().positive();

const virus = z
  .strictObject({
    header: header("the field in which the verdict on viruses stands"),
    pattern: pattern("finds the verdict in the field: the first group, or the whole match").optional(),
    values: z
      .record(z.string(), z.int().min(1).max(5))
      .describe("what the field says, and what it means, from 1 (clean) to 5 (certainly a virus)"),
  })
  .describe("where the verdict on viruses stands (virustest, RFC 5235)");

/** `filter.verdict`: what the anti-spam before Tamis writes into each mail, for `spamtest` and `virustest` (RFC 5235). */
export const verdictSettings = z.discriminatedUnion("form", [
  z
    .strictObject({
      ...field,
      form: z.literal("score").describe("a number, of which `max` is certainly spam"),
      max: max.optional().describe("the score that is certainly spam"),
      max_pattern: pattern("finds that score in the same field, `required=([0-9.]+)`").optional(),
      virus: virus.optional(),
    })
    .superRefine((score, context) => {
      if ((score.max === undefined) !== (score.max_pattern === undefined)) return;
      const params = { mend: "write `max: 5`, or `max_pattern:` where the field itself tells it" };
      context.addIssue({ code: "custom", path: ["max"], message: "one of `max` and `max_pattern` is needed", params });
    }),
  z.strictObject({
    ...field,
    form: z.literal("stars").describe("as many characters as the score"),
    max: max.describe("how many are certainly spam"),
    virus: virus.optional(),
  }),
  z.strictObject({
    ...field,
    form: z.literal("probability").describe("a number from 0 to 1, or with a percent sign"),
    virus: virus.optional(),
  }),
  z.strictObject({
    ...field,
    form: z.literal("text").describe("words"),
    values: z
      .record(z.string(), z.number().min(0).max(1))
      .describe("what the field says, and how surely that is spam, from 0 to 1"),
    virus: virus.optional(),
  }),
]);
