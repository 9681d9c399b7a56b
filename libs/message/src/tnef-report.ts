import type { Entity } from "./model.ts";
import { asBuffer } from "./octets.ts";
import { bareDsn, type DeliveryAction, type DispositionType, NOTHING_SAID, type Report } from "./report-model.ts";

const TNEF: ReadonlySet<string> = new Set(["application/ms-tnef", "application/vnd.ms-tnef"]);

/** MS-OXTNEF §2.1.3.1: what a stream begins with; behind it two octets of a key. */
const SIGNATURE = 0x223e9f78;
const HEAD_OCTETS = 6;
/** Level, id, length; behind the data a checksum, which MS-OXTNEF §2.3.3.4 says is wrong as often as not. */
const BEFORE_DATA = 9;
const CHECKSUM_OCTETS = 2;
/** attMessageClass. */
const MESSAGE_CLASS = 0x00078008;
/** It stands among the first attributes. */
const MAX_ATTRIBUTES = 100;
const MAX_CLASS = 256;

/** What the end of a class says (MS-OXOMSG §2.2.2.1). */
const DISPOSITIONS: ReadonlyMap<string, DispositionType> = new Map([
  ["ipnrn", "displayed"],
  ["ipnnrn", "deleted"],
]);
const ACTIONS: ReadonlyMap<string, DeliveryAction> = new Map([
  ["ndr", "failed"],
  ["dr", "delivered"],
]);
/** MS-OXTNEF §2.3.3.4: as which two of them are written. */
const OLD_NAMES: ReadonlyMap<string, string> = new Map([
  ["ipm.microsoft mail.read receipt", "report.ipm.note.ipnrn"],
  ["ipm.microsoft mail.non-delivery", "report.ipm.note.ndr"],
]);

/**
 * A report that Exchange or Outlook sent as winmail.dat (MS-OXTNEF) instead of one of RFC 3464 or RFC 8098: it says what became of the mail,
 * and neither of which mail nor of whose; null where there is none.
 */
export function tnefReport(root: Entity): Report | null {
  const parts = root.type === "multipart/mixed" ? root.children : [root];
  const stream = parts.find(({ type }) => TNEF.has(type));
  const named = stream === undefined ? "" : messageClassIn(stream.bytes());
  const [, end = ""] = /^report\..*\.([a-z]+)$/.exec(OLD_NAMES.get(named) ?? named) ?? [];
  const disposition = DISPOSITIONS.get(end);
  if (disposition !== undefined) return { ...UNNAMED, disposition };
  const action = ACTIONS.get(end);
  return action === undefined ? null : bareDsn([{ ...NOTHING_SAID, action }], null);
}

const UNNAMED = {
  kind: "mdn",
  reportingUa: null,
  originalRecipient: null,
  finalRecipient: null,
  originalMessageId: null,
  actionMode: "unknown",
  sendingMode: "unknown",
  modifiers: [],
  errors: [],
  returned: null,
} as const;

/** The class of the message, lower case; empty where the stream has none, or is none. */
function messageClassIn(octets: Uint8Array): string {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  if (octets.length < HEAD_OCTETS || view.getUint32(0, true) !== SIGNATURE) return "";
  let at = HEAD_OCTETS;
  for (let read = 0; read < MAX_ATTRIBUTES && at + BEFORE_DATA <= octets.length; read++) {
    const id = view.getUint32(at + 1, true);
    const length = view.getUint32(at + 5, true);
    const from = at + BEFORE_DATA;
    if (id === MESSAGE_CLASS) {
      const text = asBuffer(octets.subarray(from, from + Math.min(length, MAX_CLASS))).toString("latin1");
      return (text.split("\0")[0] ?? "").toLowerCase().replace(/^microsoft mail v3\.0 /, "");
    }
    at = from + length + CHECKSUM_OCTETS;
  }
  return "";
}
