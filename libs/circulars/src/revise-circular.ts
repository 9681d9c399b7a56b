import { createHash } from "node:crypto";
import { type Bus, RetryLater } from "@tamis/bus";
import { type DraftedCircular, outgoingObjects, type WrittenCircular, writtenCircular } from "@tamis/contracts";
import { type Answered, type Asker, askCirculars } from "./ask-circulars.ts";
import { handOver } from "./hand-over.ts";

type Refused = Extract<Answered<"written">, { readonly kind: "refused" }>;

/** Which circular, and in which language a refusal is told. */
export interface OneCircular {
  readonly accountId: string;
  readonly id: string;
  readonly language: "en" | "fr";
}

/** What was written of a circular. `version` has to be given with what is to stand in its place. */
export interface Written {
  readonly kind: "written";
  readonly version: string;
  readonly circular: WrittenCircular;
}

/** Reads what was written of a circular of which nothing has left. `RetryLater` as of {@link askCirculars}. */
export async function readCircular(
  bus: Asker & Pick<Bus, "objects">,
  { accountId, id, language }: OneCircular,
): Promise<Written | Refused> {
  const answer = await askCirculars(bus, { op: "written", accountId, id, language }, "written");
  if (answer.kind === "refused") return answer;
  const { object, sha256 } = answer.draft;
  const objects = await bus.objects(outgoingObjects);
  const octets = await objects.get(object);
  if (octets === null || createHash("sha256").update(octets).digest("hex") !== sha256)
    throw new RetryLater("what was written is not in the bucket any more", { code: "unreachable" });
  // What stays there for some failure goes with its age.
  await objects.delete(object).catch(() => {});
  const circular = writtenCircular.parse(JSON.parse(new TextDecoder().decode(octets)));
  return { kind: "written", version: answer.version, circular };
}

/** What is to stand in the place of what was written. */
export interface Revision {
  readonly account: { readonly id: string; readonly address: string };
  readonly id: string;
  /** Of what was read. */
  readonly version: string;
  /** Its attachments are new ones. */
  readonly draft: DraftedCircular;
  /** The attachments that stay, by their places in what was read. */
  readonly keep: readonly number[];
  readonly language: "en" | "fr";
}

/** Has a circular say something else. `RetryLater` as of {@link askCirculars}: the same may be asked again. */
export async function reviseCircular(
  bus: Asker & Pick<Bus, "objects">,
  { account, id, version, draft, keep, language }: Revision,
): Promise<Answered<"revised">> {
  const { id: accountId, address } = account;
  const handed = await handOver(bus, draft);
  const question = { op: "revise", accountId, address, id, version, keep, draft: handed, language } as const;
  return askCirculars(bus, question, "revised");
}
