import assert from "node:assert/strict";
import { openSession } from "../src/smtp/open-session.ts";
import type { OutgoingMail } from "../src/smtp/outgoing-mail.ts";
import { sendMail } from "../src/smtp/send-mail.ts";
import { type Script, type ScriptedOptions, scriptedRelay } from "./scripted-relay.ts";

export const mail = (more: Partial<OutgoingMail> = {}): OutgoingMail => ({
  envelopeId: "e",
  from: null,
  recipients: [
    { id: 1, address: "a@example.org" },
    { id: 2, address: "b@example.org" },
  ],
  octets: Buffer.from("Subject: x\r\n\r\nx\r\n"),
  dsn: null,
  deliverBy: null,
  ...more,
});

/** A mail to two recipients, 1 and 2, unless it says otherwise; what a server says, and what comes of it. */
export interface RelayCase {
  readonly name: string;
  readonly script: Script;
  readonly options?: ScriptedOptions;
  readonly mail?: Partial<OutgoingMail>;
  readonly fence?: boolean;
  /** State and code of each recipient. */
  readonly want: readonly string[];
  /** Recipients that were begun; none: the fence was never asked. */
  readonly fenced?: readonly number[];
  readonly isUsable?: boolean;
}

export const both = (text: string): readonly string[] => [`1 ${text}`, `2 ${text}`];

/** Sends it, and sees whether that came of it. */
export async function checkRelayCase({
  script,
  options,
  want,
  fenced,
  fence = true,
  isUsable = true,
  ...one
}: RelayCase): Promise<void> {
  using relay = await scriptedRelay(script, options);
  const { route, heard } = relay;
  const session = await openSession({ ...route, dataMs: one.mail === undefined ? route.dataMs : 30_000 });
  let begun: readonly number[] | undefined;
  const outcomes = await sendMail({ session, mail: mail(one.mail), now: 0 }, async (ids) => {
    begun = ids;
    assert.ok(!heard.includes("DATA"), "begun before DATA");
    return fence;
  });
  assert.deepEqual(outcomes.map(({ id, state, reply }) => `${id} ${state} ${reply.code}`).toSorted(), want);
  assert.deepEqual(begun, fenced);
  assert.equal(session.isUsable, isUsable);
  if (begun === undefined || !fence) assert.ok(!heard.includes("DATA"));
  session.close();
}
