import assert from "node:assert/strict";
import { KEEP, type Plan, type Target } from "@tamis/contracts";
import type { AccountRig } from "./account-rig.ts";
import type { FakeImap } from "./fake-imap.ts";
import { mail } from "./pipeline.ts";

/** What the scripts of these tests change. */
export const edits = [
  { kind: "add-header", name: "X-Class", value: "3eB", last: false },
  { kind: "delete-header", name: "To", indexes: [0] },
] as const;
export const toFolder = (mailbox: string, more: Partial<Target> = {}): Plan => ({
  copies: [],
  destination: { kind: "folder", mailbox, create: true, addFlags: [], removeFlags: [], edits, ...more },
});
export const stay: Plan = { copies: [], destination: { kind: "stay", addFlags: [], removeFlags: [], edits } };

/** `Folder: id flags`, with a star for each mail that was rewritten as the edits say. */
export const picture = (imap: FakeImap): string[] =>
  [...imap.folders.values()]
    .flatMap(({ name, mails }) =>
      mails.map(({ raw, flags }) => {
        const text = raw.toString("latin1");
        const id = /^Message-ID: <([^@]*)/im.exec(text)?.[1];
        const isEdited = /^X-Tamis-Rewritten: [0-9a-f]{16}-\d+-\d+-[0-9a-f]{8}\r\nX-Class: 3eB\r\n/.test(text);
        return [`${name}: ${id}${isEdited && !/^To:/m.test(text) ? "*" : ""}`, ...flags].join(" ");
      }),
    )
    .sort();

/** One mail came; its plan was carried out or refused. */
export async function applied(rig: AccountRig, plan: Plan): Promise<void> {
  rig.decide = () => plan;
  rig.imap.arrive(mail("x", "a"));
  await rig.untilApplied(1);
}

/** Another mail comes and is decided on; no mail that was rewritten ever is. */
export async function expectLeftAlone(rig: AccountRig): Promise<void> {
  rig.decide = () => KEEP;
  rig.imap.arrive(mail("y", "next"));
  await rig.until(() => rig.published.includes("next"), "the next mail");
  await rig.untilApplied(2);
  await rig.untilAtRest();
  assert.deepEqual(rig.published.filter((id) => id !== "next").length, rig.published.indexOf("next"));
  assert.ok(rig.batches.every(({ mails }) => mails.every(({ raw }) => !Buffer.from(raw).includes("X-Class"))));
}
