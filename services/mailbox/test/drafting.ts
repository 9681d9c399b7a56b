import { type DraftNotice, type DraftsAnswer, type DraftsAsk, type MailboxAsk, UNTIL_REPLY } from "@tamis/contracts";
import { fromKeyword } from "../src/drafts/draft-keywords.ts";
import { AccountRig } from "./account-rig.ts";
import { field } from "./decided-command.ts";
import { mail } from "./pipeline.ts";
import type { RigOptions } from "./rig-options.ts";

export const HIDDEN = "Tamis-scheduled";
export const SECTION = { folders: ["Scheduled", "Later"], quiet_seconds: 0.02, poll_seconds: 0.02 };

/** As Thunderbird leaves a draft that Send Later has scheduled. */
export const sendLater = (id: string): string =>
  `X-Send-Later-At: Mon, 30 Nov 2099 08:00:00 +0100\r\nX-Send-Later-Recur: none\r\n${mail("later", id)}`;

export const NOTICE = "tamis.notice.0123456789abcdef";

/** What `outbox` knows of drafts, in memory; it refuses those whose subject begins with `[no]`. */
export class DraftLedger {
  readonly offers: { readonly id: string; readonly place: string; readonly seenAt: number }[] = [];
  /** Fingerprints: `offered` or `scheduled`. */
  readonly known = new Map<string, "offered" | "scheduled">();
  /** Asked before anything is known of a question. */
  before: (ask: DraftsAsk) => void = () => undefined;
  readonly #rig: () => AccountRig;

  constructor(rig: () => AccountRig) {
    this.#rig = rig;
  }

  answer(ask: DraftsAsk): DraftsAnswer {
    this.before(ask);
    if (ask.op === "confirm")
      return { kind: "confirmed", drafts: ask.fingerprints.map((fingerprint) => this.#confirm(fingerprint)) };
    if (ask.op !== "offer") throw new Error(`not asked here: ${ask.op}`);
    const raw = Buffer.from(this.#rig().objects.get(ask.object ?? "") ?? "");
    this.offers.push({ id: field(raw, "Message-ID").replace(/^<|@.*$/g, ""), place: ask.place, seenAt: ask.seenAt });
    if (field(raw, "Subject").startsWith("[no]")) return { kind: "refused", notice: notice() };
    if (this.known.get(ask.fingerprint) === undefined) this.known.set(ask.fingerprint, "offered");
    return { kind: "offered" };
  }

  #confirm(fingerprint: string) {
    if (!this.known.has(fingerprint)) return { fingerprint, state: "back" as const, notice: notice() };
    this.known.set(fingerprint, "scheduled");
    return { fingerprint, state: "kept" as const };
  }
}

const notice = (): DraftNotice => ({
  messageId: `<${NOTICE}@mx.ac.test>`,
  raw: `${mail("Not scheduled", "x").replace(/^Message-ID: .*$/m, `Message-ID: <${NOTICE}@mx.ac.test>`)}`,
});

/** An account with folders for drafts, and the ledger that they come into. */
export async function draftRig(options: RigOptions = {}): Promise<{ rig: AccountRig; ledger: DraftLedger }> {
  const rig = await AccountRig.open({
    drafts: SECTION,
    ...options,
    prepare: (imap) => {
      imap.addFolder("Drafts", ["\\Drafts"]);
      imap.addFolder("Scheduled");
      imap.addFolder("Sent", ["\\Sent"]);
      options.prepare?.(imap);
    },
  });
  const ledger = new DraftLedger(() => rig);
  rig.outbox = (ask) => ledger.answer(ask);
  await rig.untilAtRest();
  return { rig, ledger };
}

/** Until the folders were looked at twice more: what is to be seen has been seen. */
export async function lookedAgain(rig: AccountRig): Promise<void> {
  const wanted = rig.imap.count("STATUS") + 6;
  await rig.until(() => rig.imap.count("STATUS") >= wanted, "two more looks");
}

/** `Folder: id flags` of each draft and copy. */
export const lying = (rig: AccountRig): readonly string[] =>
  [...rig.imap.folders.values()]
    .flatMap(({ name, mails }) =>
      mails.map(({ raw, flags }) => {
        const id = field(raw, "Message-ID").replace(/^<|@.*$/g, "");
        return [`${name}:`, id, ...[...flags].sort().map(shown)].join(" ");
      }),
    )
    .sort();

/** Keywords that name a folder, by its name. */
function shown(flag: string): string {
  const folder = ["Scheduled", "Drafts", "Later"].find((name) => fromKeyword(name) === flag);
  return folder === undefined ? flag : `from:${folder}`;
}

type Ask<Op extends MailboxAsk["op"]> = Extract<MailboxAsk, { readonly op: Op }>;

/** Asks of `outbox` about the one draft that lies hidden. */
export function asksAbout(rig: AccountRig, ledger: DraftLedger) {
  const [fingerprint = ""] = ledger.known.keys();
  const internalDate = rig.imap.folder(HIDDEN).mails[0]?.internalDate ?? 0;
  const named = { accountId: "ada", fingerprint, internalDate };
  rig.objects.set("sent-1", Buffer.from(mail("later", "tamis.draft.name.1")));
  const sent: Ask<"draft-sent"> = {
    op: "draft-sent",
    ...named,
    messageId: "<tamis.draft.name.1@ac.test>",
    date: Date.now(),
    object: "sent-1",
    isLast: true,
  };
  const back: Ask<"draft-back"> = { op: "draft-back", ...named, keyword: "$TamisNotScheduled" };
  return { sent, back, again: { ...sent, messageId: `${UNTIL_REPLY}name.1@ac.test>`, isLast: false } };
}
