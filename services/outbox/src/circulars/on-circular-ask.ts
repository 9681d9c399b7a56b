import type { UnsubscribeKeys } from "@tamis/compose";
import { type Circular, type CircularAnswer, type CircularAsk, circularAsk, PREVIEW_BYTES } from "@tamis/contracts";
import type { OfficeHours } from "@tamis/when";
import { toPath } from "../smtp/address.ts";
import type { OutgoingMail } from "../smtp/outgoing-mail.ts";
import type { Addressee, CircularRecipients } from "../tables/circular-recipients.ts";
import type { Changed, Circulars } from "../tables/circulars.ts";
import type { Subscriptions } from "../tables/subscriptions.ts";
import { onUnsubscribe } from "../unsubscribe/on-unsubscribe.ts";
import { foreseen } from "./attachments/foreseen.ts";
import { tellOf } from "./circular-texts.ts";
import type { ComposedCircular, Withheld } from "./composed-circular.ts";
import { foreseenTimes } from "./foreseen-times.ts";
import { leavingOf } from "./leaving-of.ts";
import { type CopyAskDeps, onCopyAsk } from "./on-copy-ask.ts";
import { type CreateAskDeps, onCreateAsk } from "./on-create-ask.ts";
import { type EditAskDeps, isEdit, onEditAsk } from "./on-edit-ask.ts";
import { onRecipientAsk, type RecipientAskDeps } from "./on-recipient-ask.ts";
import { type Ask, type Refused, refused } from "./refusal.ts";

export interface CircularAskDeps extends CopyAskDeps, CreateAskDeps, EditAskDeps, RecipientAskDeps {
  readonly circulars: Circulars;
  readonly recipients: CircularRecipients;
  readonly subscriptions: Subscriptions;
  /** What the tokens to leave a list are made with. */
  readonly unsubscribeKeys: UnsubscribeKeys;
  readonly compose: (circularId: number) => Promise<ComposedCircular | null>;
  /** How long one that leaves at once can still be stopped, ms; `shownMs`: what is told of it, less. */
  readonly undo: { readonly ms: number; readonly shownMs: number };
  /** When circulars may leave where nothing else is said of them; null: whenever. */
  readonly officeHours: OfficeHours | null;
}

/** `outbox.circulars`: what an owner wants of circulars. Throws on what is no such question, and while the database is away. */
export async function onCircularAsk(payload: unknown, deps: CircularAskDeps): Promise<CircularAnswer> {
  const ask = circularAsk.parse(payload);
  return answer(ask, "language" in ask && ask.language !== undefined ? { ...deps, language: ask.language } : deps);
}

async function answer(ask: CircularAsk, deps: CircularAskDeps): Promise<CircularAnswer> {
  const { circulars, now } = deps;
  switch (ask.op) {
    case "create":
      return onCreateAsk(ask, deps);
    case "add":
      return add(ask, deps);
    case "preview":
      return preview(ask, deps);
    case "test":
      return test(ask, deps);
    case "schedule":
      return schedule(ask, deps);
    case "foresee":
      return foresee(ask, deps);
    case "list":
      return { kind: "listed", circulars: await circulars.list(ask.accountId, ask.limit) };
    case "status":
      return answered((await circulars.find(ask.accountId, ask.id)) ?? "missing", ask, deps);
    case "pause":
    case "resume":
      return answered(await circulars[ask.op](ask.accountId, ask.id, now()), ask, deps);
    case "cancel":
      return cancel(ask, deps);
    case "report":
      return report(ask, deps);
    case "release":
      return release(ask, deps);
    case "check":
      return check(ask, deps);
    case "again":
    case "add-from":
      return onCopyAsk(ask, deps);
    case "unsubscribe":
      await onUnsubscribe(ask.token, { subscriptions: deps.subscriptions, keys: deps.unsubscribeKeys, now });
      return { kind: "done" };
    default:
      return isEdit(ask) ? onEditAsk(ask, deps) : onRecipientAsk(ask, deps);
  }
}

async function add(
  { accountId, id, recipients: page, source }: Ask<"add">,
  deps: CircularAskDeps,
): Promise<CircularAnswer> {
  const recipients = page.map((one) => ({ ...one, source: source ?? null }));
  const added = await deps.recipients.add(accountId, id, { recipients, now: deps.now() });
  if (added === "missing") return refused("missing", tellOf("missing", deps.language));
  if (added === "not-possible") return refused("not-possible", tellOf("not-draft", deps.language));
  return { kind: "added", ...added };
}

interface Rendered {
  readonly circular: Circular;
  readonly addressee: Addressee;
  readonly composed: ComposedCircular;
  /** Of the mail, where they get one. */
  readonly made: Pick<OutgoingMail, "octets"> | Withheld;
}

/** The mail of one recipient, and that it is not too long to be sent. */
async function render(
  {
    accountId,
    id,
    address,
  }: { readonly accountId: string; readonly id: string; readonly address?: string | undefined },
  deps: CircularAskDeps,
): Promise<Rendered | Refused> {
  const { circulars, recipients, compose, maxBytes, language, now } = deps;
  const circular = await circulars.find(accountId, id);
  if (circular === null) return refused("missing", tellOf("missing", language));
  const addressee = await recipients.addressee(Number(circular.id), address);
  if (addressee === null)
    return address === undefined
      ? refused("no-recipients", tellOf("no-recipients", language))
      : refused("missing", tellOf("missing-recipient", language));
  const composed = await compose(Number(circular.id));
  if (composed === null) return refused("bad-draft", tellOf("body-gone", language));
  const made = await composed.mailFor([addressee], now());
  if (sizeOf(made) > maxBytes)
    return refused("too-large", tellOf("too-large", language, { size: sizeOf(made), most: maxBytes }));
  return { circular, addressee, composed, made };
}

const sizeOf = (made: Rendered["made"]): number => ("withheld" in made ? 0 : made.octets.length);

async function preview(ask: Ask<"preview">, deps: CircularAskDeps): Promise<CircularAnswer> {
  const rendered = await render(ask, deps);
  if ("kind" in rendered) return rendered;
  const { made, addressee, circular } = rendered;
  if ("withheld" in made) {
    const { address } = addressee;
    return refused(
      "not-possible",
      tellOf(`withheld-${made.withheld}`, deps.language, { address, problem: made.problem }),
    );
  }
  const { octets } = made;
  const mail = Buffer.from(octets.buffer, octets.byteOffset, Math.min(octets.length, PREVIEW_BYTES)).toString("base64");
  const { recipients } = circular;
  return { kind: "previewed", address: addressee.address, mail, size: octets.length, recipients };
}

async function test(ask: Ask<"test">, deps: CircularAskDeps): Promise<CircularAnswer> {
  const { language, recipients, circulars, now, onChanged } = deps;
  if (toPath(ask.to) === null) return refused("bad-draft", tellOf("bad-address", language, { address: ask.to }));
  const rendered = await render(ask, deps);
  if ("kind" in rendered) return rendered;
  const { circular, addressee } = rendered;
  const id = await recipients.test(Number(circular.id), { to: ask.to, as: addressee, now: now() });
  onChanged();
  return answered((await circulars.find(ask.accountId, String(id))) ?? "missing", ask, deps);
}

async function schedule(ask: Ask<"schedule">, deps: CircularAskDeps): Promise<CircularAnswer> {
  const { circulars, recipients, undo, language, officeHours, now, onChanged } = deps;
  const leave = () => leavingOf(ask, { now: now(), undoMs: undo.ms, language, officeHours });
  const said = leave();
  if ("kind" in said) return said;
  const rendered = await render(ask, deps);
  if ("kind" in rendered) return rendered;
  const outlook = await recipients.outlook(Number(rendered.circular.id));
  const sealing = await foreseen(rendered.composed, Number(rendered.circular.id), deps);
  // All that took its time: what leaves at once can be stopped from now on.
  const leaving = leave();
  if ("kind" in leaving) return leaving;
  const { due, recurring, saidAt } = leaving;
  const changed = await circulars.schedule(ask.accountId, ask.id, { due, recurring, now: now() });
  if (typeof changed === "string") return answered(changed, ask, deps);
  onChanged();
  return {
    kind: "scheduled",
    dueAt: due.at.getTime(),
    undoUntil: due.at.getTime() - (undo.ms - undo.shownMs),
    size: sizeOf(rendered.made),
    ...outlook,
    ...(saidAt === null ? {} : { saidAt: saidAt.getTime() }),
    ...(sealing === null ? {} : { sealing }),
  };
}

/** When it would leave, before anybody says so. */
async function foresee(ask: Ask<"foresee">, deps: CircularAskDeps): Promise<CircularAnswer> {
  const { circulars, undo, language, officeHours, now } = deps;
  if ((await circulars.find(ask.accountId, ask.id)) === null) return refused("missing", tellOf("missing", language));
  const leaving = leavingOf(ask, { now: now(), undoMs: undo.ms, language, officeHours });
  return "kind" in leaving ? leaving : { kind: "foreseen", ...foreseenTimes(leaving) };
}

/** What would leave, before anything does. */
async function check(ask: Ask<"check">, deps: CircularAskDeps): Promise<CircularAnswer> {
  const rendered = await render(ask, deps);
  if ("kind" in rendered) return rendered;
  const outlook = await deps.recipients.outlook(Number(rendered.circular.id));
  return { kind: "checked", size: sizeOf(rendered.made), ...outlook };
}

async function cancel(ask: Ask<"cancel">, deps: CircularAskDeps): Promise<CircularAnswer> {
  const { changed, left } = await deps.circulars.cancel(ask.accountId, ask.id, deps.now());
  const answer = await answered(changed, ask, deps);
  return answer.kind === "circular" ? { ...answer, left } : answer;
}

async function report(
  { accountId, id, after, states, limit }: Ask<"report">,
  deps: CircularAskDeps,
): Promise<CircularAnswer> {
  const circular = await deps.circulars.find(accountId, id);
  if (circular === null) return refused("missing", tellOf("missing", deps.language));
  return { kind: "reported", ...(await deps.recipients.report(Number(circular.id), { after, states, limit })) };
}

async function release({ accountId, id, recipient }: Ask<"release">, deps: CircularAskDeps): Promise<CircularAnswer> {
  const { recipients, language, now, onChanged } = deps;
  const done = await recipients.release(accountId, id, { recipient, now: now() });
  switch (done) {
    case "missing":
      return refused("missing", tellOf("missing-recipient", language));
    case "not-possible":
      return refused("not-possible", tellOf("not-unknown", language));
    case "body-gone":
      return refused("not-possible", tellOf("body-gone", language));
    default:
      onChanged();
      return { kind: "done" };
  }
}

/** What became of a change, for its owner. */
async function answered(
  changed: Changed,
  { accountId, id }: { readonly accountId: string; readonly id: string },
  { circulars, language, onChanged }: CircularAskDeps,
): Promise<CircularAnswer> {
  switch (changed) {
    case "missing":
    case "too-late":
    case "no-recipients":
      return refused(changed, tellOf(changed, language));
    case "body-gone":
      return refused("not-possible", tellOf("body-gone", language));
    case "not-possible": {
      const state = (await circulars.find(accountId, id))?.state ?? "?";
      return refused("not-possible", tellOf("not-possible", language, { state }));
    }
    default:
      onChanged();
      return { kind: "circular", circular: changed };
  }
}
