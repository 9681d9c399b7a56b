import { z } from "zod";

/** Recipients of one request, so that it stays well under NATS's `max_payload`. */
export const RECIPIENTS_PER_PAGE = 500;
/** Sources of one request, and how many of the addresses that were left out are told one by one. */
const MOST_SOURCES = 50;
export const MOST_LEFT_OUT = 50;
/** Domains that are told by name; the others are counted. */
export const MOST_DOMAINS = 20;
/** Addresses of one request. */
export const SUPPRESSED_PER_PAGE = 500;

/** Whose circulars are asked for. */
export const owned = {
  accountId: z.string().min(1),
  /** In which a refusal is told; the installation's where it is absent. */
  language: z.enum(["en", "fr"]).optional(),
};
const one = { ...owned, id: z.string().min(1).max(20) };
const addresses = z.array(z.string().max(1000)).min(1).max(SUPPRESSED_PER_PAGE).readonly();

/** Questions about recipients that `outbox` finds itself, and about those who want no circulars. */
export const recipientAsks = [
  /** Adds what lists hold: `list:NAME`, or `KIND:NAME` of the directory. All of it, or nothing. */
  z.object({
    op: z.literal("add-lists"),
    ...one,
    sources: z.array(z.string().min(3).max(300)).min(1).max(MOST_SOURCES).readonly(),
  }),
  /** The lists that can be named; `kind` alone where it is given. */
  z.object({ op: z.literal("lists"), ...owned, kind: z.string().max(40).optional() }),
  /** What would leave. */
  z.object({ op: z.literal("check"), ...one }),
  /** A draft is forgotten, with its recipients. */
  z.object({ op: z.literal("discard"), ...one }),
  /** Addresses that get no circular any more, and those that get them again. */
  z.object({ op: z.literal("suppress"), addresses }),
  z.object({ op: z.literal("unsuppress"), addresses }),
  /** A page of those that get none, after `after` in the order of their letters. */
  z.object({
    op: z.literal("suppressed"),
    after: z.string().max(1000).optional(),
    limit: z.number().int().min(1).max(SUPPRESSED_PER_PAGE),
  }),
] as const;

/** What a circular will be, before anything leaves. */
export const circularOutlook = z.object({
  /** All that were added. */
  recipients: z.number().int(),
  /** Of these, those who want no circulars, and will get none. */
  suppressed: z.number().int(),
  /** Octets of the first recipient's mail. */
  size: z.number().int(),
  /** Who will be written to, by domain, the largest first; at most {@link MOST_DOMAINS}. */
  domains: z.array(z.object({ domain: z.string(), count: z.number().int() })).readonly(),
  /** Domains in all. */
  domainCount: z.number().int(),
});
export type CircularOutlook = Readonly<z.infer<typeof circularOutlook>>;

/** What was met in a source that is no reason to refuse it. */
const listNote = z.discriminatedUnion("kind", [
  /** A list holds itself, by this way: it was read once. */
  z.object({ kind: z.literal("cycle"), path: z.array(z.string()).readonly() }),
  /** Members of the directory that are no entries any more, or entries without an address. */
  z.object({ kind: z.literal("gone"), count: z.number().int() }),
  z.object({ kind: z.literal("no-address"), count: z.number().int() }),
]);
export type ListNote = Readonly<z.infer<typeof listNote>>;

/** What came of one source. */
const listedSource = z.object({
  /** As it was asked for. */
  source: z.string(),
  /** Addresses in it, those of nested lists among them, each once. */
  found: z.number().int(),
  added: z.number().int(),
  /** In the circular before, or in a source before this one. */
  doubles: z.number().int(),
  /** No addresses, and those that lack a field that the draft names. */
  invalid: z.number().int(),
  incomplete: z.number().int(),
  /** Lists in it, itself included, and how deep they are nested: 1 where it holds no other. */
  lists: z.number().int(),
  depth: z.number().int(),
  notes: z.array(listNote).readonly(),
});
export type ListedSource = Readonly<z.infer<typeof listedSource>>;

/** An address that was not added: `missing` fields, or none of these where it is no address. */
const leftOut = z.object({
  source: z.string(),
  address: z.string(),
  missing: z.array(z.string()).readonly(),
});
export type LeftOut = Readonly<z.infer<typeof leftOut>>;

export const recipientAnswers = [
  z.object({
    kind: z.literal("added-lists"),
    sources: z.array(listedSource).readonly(),
    /** The first {@link MOST_LEFT_OUT}. */
    leftOut: z.array(leftOut).readonly(),
    added: z.number().int(),
    /** Of the added, those who want no circulars. */
    suppressed: z.number().int(),
    /** Of the circular, now. */
    recipients: z.number().int(),
  }),
  /** `isAll`: there are no others. */
  z.object({
    kind: z.literal("lists"),
    lists: z.array(z.object({ name: z.string(), about: z.string().nullable() })).readonly(),
    isAll: z.boolean(),
  }),
  z.object({ kind: z.literal("checked"), ...circularOutlook.shape }),
  /** `at`: since when, epoch ms. `next`: where the next page begins; null after the last. */
  z.object({
    kind: z.literal("suppressed"),
    addresses: z.array(z.object({ address: z.string(), at: z.number() })).readonly(),
    next: z.string().nullable(),
  }),
  /** How many were not so before; what is no address changed nothing. */
  z.object({ kind: z.literal("suppression"), changed: z.number().int(), invalid: z.array(z.string()).readonly() }),
] as const;
