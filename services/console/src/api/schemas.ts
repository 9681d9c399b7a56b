import {
  circularAnswer,
  circularReceipts,
  MOST_ATTACHMENTS,
  RECIPIENTS_PER_PAGE,
  receiptPolicy,
  receiptState,
  receiptsAnswer,
  requestState,
  SUPPRESSED_PER_PAGE,
  sendingState,
  writtenCircular,
} from "@tamis/contracts";
import { z } from "zod";
import { separatorName } from "../csv-separator.ts";

type CircularOption<Kind extends string> = Extract<
  (typeof circularAnswer.options)[number],
  { readonly shape: { readonly kind: z.ZodLiteral<Kind> } }
>;
type ReceiptsOption<Kind extends string> = Extract<
  (typeof receiptsAnswer.options)[number],
  { readonly shape: { readonly kind: z.ZodLiteral<Kind> } }
>;

function optionOf(options: readonly { readonly shape: { readonly kind: z.ZodLiteral<string> } }[], kind: string) {
  const found = options.find(({ shape }) => shape.kind.value === kind);
  if (found === undefined) throw new RangeError(`no answer ${kind}`);
  return found;
}

/** The answer of `outbox` of a kind. */
function ofCirculars<Kind extends string>(kind: Kind): CircularOption<Kind> {
  // Proof: an option whose kind this is.
  return optionOf(circularAnswer.options, kind) as CircularOption<Kind>;
}

/** The answer of `receipts` of a kind. */
function ofReceipts<Kind extends string>(kind: Kind): ReceiptsOption<Kind> {
  // Proof: as above.
  return optionOf(receiptsAnswer.options, kind) as ReceiptsOption<Kind>;
}

const withoutKind = { kind: true } as const;

/** What the API answers: what `outbox` and `receipts` say, as they say it. Times are epoch ms. */
export const answers = {
  created: ofCirculars("created").omit(withoutKind),
  added: ofCirculars("added")
    .omit(withoutKind)
    .extend({ recipients: z.int().nullable().describe("of the circular, now; null: nobody was to be added") }),
  previewed: ofCirculars("previewed").omit(withoutKind),
  scheduled: ofCirculars("scheduled").omit(withoutKind),
  suppression: ofCirculars("suppression").omit(withoutKind),
  suppressed: ofCirculars("suppressed").omit(withoutKind),
  reminder: z.object({ id: z.string().describe("of the new draft") }),
  listed: ofCirculars("listed").omit(withoutKind),
  circular: ofCirculars("circular").shape.circular,
  cancelled: ofCirculars("circular").shape.circular.extend({
    left: z.int().describe("how many had left, or were leaving, by then"),
  }),
  reported: ofCirculars("reported").omit(withoutKind),
  receiptCounts: ofReceipts("counts").omit(withoutKind),
  receipts: ofReceipts("listed").omit(withoutKind),
  receiptReports: ofReceipts("reports").omit(withoutKind),
  receiptRequests: ofReceipts("requests").omit(withoutKind),
  receiptAnswered: ofReceipts("answered").omit(withoutKind),
  receiptPolicy: ofReceipts("policy").omit(withoutKind),
  listsAdded: ofCirculars("added-lists").omit(withoutKind),
  lists: ofCirculars("lists").omit(withoutKind),
  outlook: ofCirculars("checked").omit(withoutKind),
  foreseen: ofCirculars("foreseen").omit(withoutKind),
  written: writtenCircular.extend({
    version: z.string().describe("to be given with what is to stand in its place"),
    attachments: z.array(
      writtenCircular.shape.attachments.unwrap().element.extend({ id: z.string().describe("for `keep`") }),
    ),
  }),
  revised: ofCirculars("revised").omit(withoutKind),
  removed: ofCirculars("removed").omit(withoutKind),
  sources: ofCirculars("sources").omit(withoutKind),
  done: z.object({ done: z.literal(true) }),
};

const mailbox = z.strictObject({
  address: z.string().min(3).max(320),
  name: z.string().max(300).optional(),
});
const body = z.string().max(1_048_576);

/** A circular as it is written; see `libs/compose` for merge fields. */
export const draftBody = z.strictObject({
  from: mailbox.optional().describe("your own address where it is absent"),
  replyTo: mailbox.optional(),
  subject: z.string().min(1).max(2000),
  text: body.optional(),
  html: body.optional(),
  markdown: body.optional().describe("CommonMark with tables, in the place of html"),
  listId: z.string().min(1).max(255).optional().describe("RFC 2919; who left the list is not written to"),
  unsubscribe: z
    .strictObject({ url: z.url().max(1000), mailto: z.string().max(320).optional() })
    .optional()
    .describe("RFC 2369, RFC 8058, with {token}; this installation's own where it is absent"),
  tracked: z.boolean().default(true).describe("each recipient has a mail, and a Message-ID, of their own"),
  receipts: circularReceipts
    .optional()
    .describe(
      "what is to be known of each: whether it arrived, whether it was read, or nothing; delivery where it is absent",
    ),
});

/** What is to stand in the place of what was read. */
export const revisionBody = draftBody.extend({
  version: z.string().min(1).max(200).describe("of what was read"),
  keep: z
    .array(z.string().regex(/^\d{1,3}$/))
    .max(MOST_ATTACHMENTS)
    .default([])
    .describe("`id` of each attachment that stays; those that come with the request are added"),
});

/** Recipients of one request, a page of `outbox` or several. */
const MOST_RECIPIENTS = 20 * RECIPIENTS_PER_PAGE;

/** Characters of the fields of one recipient: as many as surely fit into one request to `outbox`. */
const MOST_OF_ONE = 100_000;

export const recipientsBody = z.strictObject({
  recipients: z
    .array(
      z.strictObject({
        address: z.string().max(1000),
        name: z.string().max(300).optional(),
        fields: z
          .record(z.string().min(1).max(100), z.string().max(10_000))
          .refine(
            (fields) =>
              Object.entries(fields).reduce((sum, [name, text]) => sum + name.length + text.length, 0) <= MOST_OF_ONE,
            "more than 100,000 characters of one recipient",
          )
          .default({})
          .describe("merge fields: prenom → Anne"),
      }),
    )
    .min(1)
    .max(MOST_RECIPIENTS),
});

const every = z
  .strictObject({
    rule: z.string().min(1).max(200).describe("first Monday 8:00, or as Send Later writes it: weekly / 2"),
    times: z.int().min(1).max(1000).optional().describe("so many times in all"),
    until: z.string().max(10).optional().describe("not after this day: 2027-06-30"),
  })
  .describe("again and again");
const zone = z.string().max(100).describe("IANA: Europe/Paris");
const hours = z
  .union([
    z.strictObject({ any: z.literal(true).describe("whatever the office hours of the installation are") }),
    z.strictObject({ only: z.string().min(1).max(200).describe("Mon-Fri 8:00-18:00"), zone }),
  ])
  .optional()
  .describe("of the day, in which it may leave; the office hours of the installation where it is absent");

const wall = z.strictObject({
  at: z.string().max(40).describe("what a clock there shows: 2026-11-30T08:00"),
  zone,
  which: z.enum(["earlier", "later"]).optional().describe("of a time that comes twice"),
  every: every.optional(),
  hours,
});
const first = z.strictObject({ first: z.literal(true).describe("at the first time of the rule"), zone, every, hours });
export const scheduleBody = z.union([wall, first, z.strictObject({ now: z.literal(true), hours })]);

export const testBody = z.strictObject({
  to: z.string().max(320).describe("who gets it"),
  address: z.string().max(1000).optional().describe("whose mail it is; the first recipient's where it is absent"),
});

export const suppressionBody = z.strictObject({ addresses: z.array(z.string().max(1000)).min(1).max(500) });

/** One value or several of a query. */
const several = <T extends z.ZodType>(one: T) =>
  z.preprocess((value) => (value === undefined || Array.isArray(value) ? value : [value]), z.array(one).optional());

const limit = (usual: number, most = 1000) => z.coerce.number().int().min(1).max(most).default(usual);
const after = z
  .string()
  .regex(/^\d{1,18}$/)
  .optional()
  .describe("`next` of the page before");

export const suppressionsQuery = z.strictObject({
  after: z.string().max(1000).optional().describe("`next` of the page before"),
  limit: limit(SUPPRESSED_PER_PAGE, SUPPRESSED_PER_PAGE),
});
export const listQuery = z.strictObject({ limit: limit(100) });
export const sourceQuery = z.strictObject({
  source: z.string().min(1).max(300).optional().describe("only those of this source"),
});
export const columnQuery = z.strictObject({
  column: z.string().max(200).optional().describe("of a CSV: the head of the column of addresses"),
});
export const previewQuery = z.strictObject({ address: z.string().max(1000).optional() });
const separator = separatorName.optional().describe("of CSV; a comma where nothing is said (RFC 4180)");
export const reportQuery = z.strictObject({ after, state: several(sendingState), limit: limit(1000), separator });
const about = {
  circular: z
    .string()
    .regex(/^\d{1,10}$/)
    .optional()
    .describe("number of a circular"),
  messageId: z.string().max(998).optional().describe("of a mail, with angle brackets"),
};
export const receiptCountsQuery = z.strictObject(about);
export const receiptsQuery = z.strictObject({
  ...about,
  after,
  state: several(receiptState),
  limit: limit(1000),
  separator,
});
export const requestsQuery = z.strictObject({ after, state: several(requestState), limit: limit(100) });
export const answerBody = z.strictObject({ answer: z.enum(["send", "refuse"]) });
export const policyBody = z.strictObject({
  policy: receiptPolicy.nullable().describe("null: what the installation says of the account"),
});
export const listsQuery = z.strictObject({
  kind: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,39}$/)
    .optional()
    .describe("only lists of this kind: the word before their names"),
});
export const listsBody = z.strictObject({
  lists: z.array(z.string().min(3).max(300)).min(1).max(50).describe("`list:NAME`, or `KIND:NAME` of the directory"),
});
