import { createHash } from "node:crypto";
import type { ObjectBucket } from "@tamis/bus";
import { type DraftNotice, type DraftsAnswer, type DraftsAsk, draftsAsk } from "@tamis/contracts";
import { readMessage } from "@tamis/message";
import { IdentitiesUnavailable } from "../lists/ldap/directory-identities.ts";
import type { FurtherIdentities } from "../submission/as-writer.ts";
import type { ConfirmedDraft, DraftIntake, Offered } from "../tables/draft-intake.ts";
import { type NoticeContext, refusalNotice } from "./compose-notice.ts";
import type { DraftFault } from "./draft-fault.ts";
import { type ReadDraft, readDraft } from "./read-draft.ts";

type Offer = Extract<DraftsAsk, { readonly op: "offer" }>;

export interface DraftAskDeps {
  readonly intake: DraftIntake;
  readonly objects: Pick<ObjectBucket, "get" | "delete">;
  /** Who knows addresses that accounts may write as beside those configured. */
  readonly identities: FurtherIdentities;
  /** What is between the marks in a subject, in which zone, how late. */
  readonly marks: readonly [string, string];
  readonly zone: string;
  readonly graceMs: number;
  /** Octets of a draft. */
  readonly maxBytes: number;
  readonly notices: Omit<NoticeContext, "now" | "marks">;
  /** As whom the relay is told to send (SASL authorization identity); null: as its user. */
  readonly authzidOf: (account: { readonly address: string; readonly user: string }) => string | null;
  readonly now: () => Date;
  readonly log: {
    info(fields: Readonly<Record<string, unknown>>, event: string): void;
    warn(fields: Readonly<Record<string, unknown>>, event: string): void;
  };
  /** Something is in the ledger that leaves later, or does not any more. */
  readonly onChanged: () => void;
}

/** The octets cannot be had now: whoever asked puts them again. */
class DraftMissing extends Error {
  override readonly name = "DraftMissing";
}

/** `outbox.drafts`: answers when it is committed. Throws where that cannot be; the same may be asked again. */
export async function onDraftsAsk(question: unknown, deps: DraftAskDeps): Promise<DraftsAnswer> {
  const ask = draftsAsk.parse(question);
  switch (ask.op) {
    case "offer":
      return await onOffer(ask, deps);
    case "confirm":
      return await onConfirm(ask, deps);
    case "replied": {
      const { messageIds, from = [] } = ask;
      const ended = await deps.intake.replied(ask.accountId, { messageIds, from }, deps.now());
      if (ended > 0) deps.log.info({ accountId: ask.accountId, drafts: ended }, "drafts-answered");
      deps.onChanged();
      return { kind: "done" };
    }
    default:
      return ask satisfies never;
  }
}

async function onOffer(ask: Offer, deps: DraftAskDeps): Promise<DraftsAnswer> {
  const raw = ask.object === null ? null : await deps.objects.get(ask.object);
  if (raw === null && ask.object !== null) throw new DraftMissing("the draft is not in the bucket");
  const answer = await decideOffer(ask, raw, deps);
  const { accountId, fingerprint } = ask;
  deps.log.info({ accountId, fingerprint, place: ask.place, result: answer.kind }, "draft-offered");
  if (ask.object !== null)
    await deps.objects
      .delete(ask.object)
      .catch((err: unknown) => deps.log.warn({ err, accountId }, "object-not-deleted"));
  return answer;
}

async function decideOffer(ask: Offer, raw: Uint8Array | null, deps: DraftAskDeps): Promise<DraftsAnswer> {
  const subject = raw === null ? "" : (readMessage(raw).headers("Subject")[0]?.text() ?? "");
  const result =
    raw === null || raw.length > deps.maxBytes
      ? ({ code: "too-long" } as const)
      : await takeOffer(ask, { raw, subject }, deps);
  switch (result) {
    case "offered":
      return { kind: "offered" };
    case "over-limit":
      return { kind: "later" };
    default: {
      const fault = typeof result === "string" ? KNOWN[result] : result;
      return { kind: "refused", notice: noticeOf({ ...ask, subject }, fault, deps) };
    }
  }
}

/** What stands against a draft that the ledger knows. */
const KNOWN = {
  sent: { code: "sent-before" },
  elsewhere: { code: "scheduled-twice" },
  twin: { code: "twin" },
} as const satisfies Readonly<Record<string, DraftFault>>;

interface Draft {
  readonly raw: Uint8Array;
  readonly subject: string;
}

async function takeOffer(ask: Offer, { raw, subject }: Draft, deps: DraftAskDeps): Promise<Offered | DraftFault> {
  const { accountId, address, identities, fingerprint, user } = ask;
  const { intake, now, marks, zone, graceMs, authzidOf } = deps;
  const sha256 = createHash("sha256").update(raw).digest("hex");
  // First: what waits, or left, is not to be refused because its time is over by now.
  const known = await intake.known(accountId, sha256);
  if (known?.state === "sent") return "sent";
  if (known !== null) return known.fingerprint === fingerprint ? "offered" : "elsewhere";
  const rules = {
    now: new Date(ask.seenAt),
    clock: now(),
    readsSubject: ask.place === "scheduled",
    marks,
    zone,
    graceMs,
  };
  const readAs = (others: readonly string[]) => readDraft(raw, { ...rules, account: { address, identities: others } });
  const further = await furtherFor(readAs(identities), address, deps);
  if (further === "later") return "over-limit";
  const own = [...identities, ...further];
  const read = readAs(own);
  if ("code" in read) return read;
  const internalDate = new Date(ask.internalDate);
  const authzid = authzidOf({ address, user });
  const draft = { accountId, address, identities: own, subject, sha256, fingerprint, internalDate, authzid, read };
  return await intake.offer(draft, now());
}

/** Addresses that the directory alone knows, asked for only where the draft is from none of those configured; `later`: it cannot be asked now. */
async function furtherFor(
  read: ReadDraft | DraftFault,
  address: string,
  { identities }: DraftAskDeps,
): Promise<readonly string[] | "later"> {
  if (identities === null || !("code" in read) || read.code !== "foreign-from") return [];
  try {
    return await identities.find(address);
  } catch (error) {
    if (error instanceof IdentitiesUnavailable) return "later";
    throw error;
  }
}

interface Noticed {
  readonly accountId: string;
  readonly address: string;
  readonly fingerprint: string;
  readonly subject: string;
}

const noticeOf = (draft: Noticed, fault: DraftFault, { notices, marks, now }: DraftAskDeps): DraftNotice =>
  refusalNotice(draft, fault, { ...notices, marks, now: now() });

async function onConfirm(
  { accountId, address, fingerprints }: Extract<DraftsAsk, { readonly op: "confirm" }>,
  deps: DraftAskDeps,
): Promise<DraftsAnswer> {
  const confirmed = await deps.intake.confirm(accountId, fingerprints, deps.now());
  deps.onChanged();
  const drafts = confirmed.map((one) => answerTo(one, { accountId, address }, deps));
  const kept = drafts.filter(({ state }) => state === "kept").length;
  deps.log.info({ accountId, kept, back: drafts.length - kept }, "drafts-confirmed");
  return { kind: "confirmed", drafts };
}

function answerTo(
  confirmed: ConfirmedDraft,
  owner: { readonly accountId: string; readonly address: string },
  deps: DraftAskDeps,
) {
  const { fingerprint, state } = confirmed;
  const back = (subject: string, fault: DraftFault) => ({
    fingerprint,
    state: "back" as const,
    notice: noticeOf({ ...owner, fingerprint, subject }, fault, deps),
  });
  switch (state) {
    case "kept":
      return { fingerprint, state };
    case "unknown":
      return back("", { code: "not-known" });
    case "late": {
      const { subject, wall, zone } = confirmed.draft;
      return back(subject, { code: "late", wall, zone });
    }
    case "sent":
    case "elsewhere":
      return back(confirmed.draft.subject, KNOWN[state]);
    default:
      return confirmed satisfies never;
  }
}
