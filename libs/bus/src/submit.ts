import { createHash } from "node:crypto";
import {
  encodeSubmission,
  outgoingObjects,
  SUBMISSION_INLINE_BYTES,
  type SubmissionAnswer,
  type SubmissionHead,
  subjects,
  submissionAnswer,
} from "@tamis/contracts";
import { RetryLater } from "./errors.ts";
import type { Bus } from "./types.ts";

/** What is submitted, its bodies aside: {@link submit} describes them. */
export type SubmittedHead = Omit<SubmissionHead, "bodies">;

export interface SubmitOptions {
  /** How long `outbox` may take to commit, ms; 30,000 by default. */
  readonly timeoutMs?: number;
}

const COMMIT_MS = 30_000;

/**
 * Asks `outbox` to send; resolves with its answer, which it gives after commit. `bodies` are whole mails with lines ended by
 * CRLF, to which `head.sendings[].body` points; those too long for one request go through the object bucket.
 * {@link RetryLater} `unreachable` while nobody answers, `failed` where `outbox` could not commit: nothing is known then, and the
 * same submission may be sent again as often as it takes.
 */
export async function submit(
  bus: Pick<Bus, "request" | "objects">,
  head: SubmittedHead,
  bodies: readonly Uint8Array[],
  { timeoutMs = COMMIT_MS }: SubmitOptions = {},
): Promise<SubmissionAnswer> {
  const described = bodies.map((bytes) => ({
    size: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  }));
  const isInline = bodies.reduce((sum, { length }) => sum + length, 0) <= SUBMISSION_INLINE_BYTES;
  if (!isInline) {
    const objects = await bus.objects(outgoingObjects);
    for (const [index, { sha256 }] of described.entries()) await objects.put(sha256, bodies[index] ?? new Uint8Array());
  }
  const frame = encodeSubmission({
    head: {
      ...head,
      bodies: isInline ? described : described.map((body) => ({ ...body, object: body.sha256 })),
    },
    inline: isInline ? bodies : [],
  });
  const reply = await bus.request(subjects.outboxSubmit, frame, { timeoutMs });
  return answerIn(reply.payload);
}

function answerIn(payload: Uint8Array): SubmissionAnswer {
  try {
    return submissionAnswer.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch (cause) {
    throw new RetryLater("outbox gave an answer that is none", { code: "failed", cause });
  }
}
