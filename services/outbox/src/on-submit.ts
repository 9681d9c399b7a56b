import { createHash } from "node:crypto";
import type { ObjectBucket } from "@tamis/bus";
import { decodeSubmission, type Submission, type SubmissionAnswer, type SubmissionHead } from "@tamis/contracts";
import { type Admission, admit, type Rules } from "./admit.ts";
import type { AdmittedSending, Intake, Origin } from "./tables/intake.ts";

export interface SubmitDeps {
  readonly intake: Intake;
  readonly objects: Pick<ObjectBucket, "get" | "delete">;
  readonly rules: Rules;
  readonly now: () => Date;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, event: string): void };
  /** Something is stored that is due. */
  readonly onStored: () => void;
}

/** The bodies cannot be had now: whoever asked puts them again. */
class BodyMissing extends Error {
  override readonly name = "BodyMissing";
}

/**
 * `outbox.submit`: answers when everything is committed. Throws while it cannot be (the database is away, a body is not there
 * any more); the same submission may then be asked again.
 */
export async function onSubmit(payload: Uint8Array, deps: SubmitDeps): Promise<SubmissionAnswer> {
  const submission = readSubmission(payload);
  if (typeof submission === "string") return { kind: "refused", reason: submission };
  const { head } = submission;
  const origin = originOf(head);
  const keys = head.sendings.map(({ key }) => key);
  const known = await deps.intake.known(origin, keys);
  if (known.size === keys.length) {
    await forgetObjects(head, deps);
    return { kind: "committed", sendings: keys.map((key) => ({ key, state: "known" })) };
  }
  const bodies = await readBodies(submission, deps);
  if (typeof bodies === "string") return { kind: "refused", reason: bodies };
  const now = deps.now();
  const decided = head.sendings.map((sending) => {
    // What was stored before stays so, whatever the rules say of it now.
    if (known.has(sending.key)) return { key: sending.key, admission: null };
    // Proof: the indices were looked at when the submission was read.
    const body = bodies[sending.body] as AdmittedSending["body"];
    return { key: sending.key, admission: admit({ head, sending, body, now }, deps.rules) };
  });
  const sendings = await commit(origin, decided, { deps, now });
  await forgetObjects(head, deps);
  return { kind: "committed", sendings };
}

type Answers = Extract<SubmissionAnswer, { kind: "committed" }>["sendings"];
type Decided = readonly { readonly key: string; readonly admission: Admission | null }[];

async function commit(
  origin: Origin,
  decided: Decided,
  { deps, now }: { readonly deps: SubmitDeps; readonly now: Date },
): Promise<Answers> {
  const admitted = decided.flatMap(({ admission }) => (admission?.kind === "admitted" ? [admission.sending] : []));
  const stored = new Map((await deps.intake.store(origin, admitted, now)).map((answer) => [answer.key, answer]));
  if ([...stored.values()].some(({ state }) => state === "stored")) deps.onStored();
  return decided.map(({ key, admission }) => {
    if (admission?.kind === "refused") return { key, state: "refused", reason: admission.reason };
    return stored.get(key) ?? { key, state: "known" };
  });
}

/** The submission, or why it is none. */
function readSubmission(payload: Uint8Array): Submission | string {
  let submission: Submission;
  try {
    submission = decodeSubmission(payload);
  } catch (error) {
    return `not a submission: ${error instanceof Error ? error.name : "unknown"}`;
  }
  const { sendings, bodies } = submission.head;
  if (sendings.some(({ body }) => body >= bodies.length)) return "a sending names a body that is not there";
  if (new Set(sendings.map(({ key }) => key)).size < sendings.length) return "two sendings have the same key";
  return submission;
}

async function readBodies(
  { head, inline }: Submission,
  { objects }: SubmitDeps,
): Promise<readonly AdmittedSending["body"][] | string> {
  const bodies: AdmittedSending["body"][] = [];
  let next = 0;
  for (const { size, sha256, object } of head.bodies) {
    const octets = object === undefined ? inline[next++] : await objects.get(object);
    if (octets === null || octets === undefined) throw new BodyMissing("a body is not in the bucket");
    if (octets.length !== size || createHash("sha256").update(octets).digest("hex") !== sha256)
      return "a body is not the one that the head names";
    bodies.push({ sha256, octets });
  }
  return bodies;
}

const originOf = (head: SubmissionHead): Origin => ({
  accountId: head.accountId,
  fingerprint: head.fingerprint,
  mailId: head.mailId,
  internalDate: new Date(head.internalDate),
  traceparent: head.traceparent ?? null,
});

/** What is committed is not needed in the bucket; what stays there for some failure goes with its age. */
async function forgetObjects(head: SubmissionHead, { objects, log }: SubmitDeps): Promise<void> {
  for (const { object } of head.bodies)
    if (object !== undefined)
      await objects
        .delete(object)
        .catch((err: unknown) => log.warn({ err, mailId: head.mailId }, "object-not-deleted"));
}
