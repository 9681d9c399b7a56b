import type { Receipt, ReportedRecipient } from "@tamis/contracts";
import { circularOf, eve, type Visit } from "./visit.ts";

const circular = circularOf({ subject: "Rentrée" });
export const recipient: ReportedRecipient = {
  id: "1000000001",
  address: "eve@example.org",
  name: null,
  state: "rejected",
  attempts: 1,
  changedAt: 0,
  nextAt: null,
  messageId: null,
  reply: "550 no",
};
const known: Receipt = {
  id: "1000000001",
  circularId: "7",
  address: "eve@example.org",
  messageId: null,
  sentAt: 0,
  asksDisposition: true,
  state: "none",
  stateAt: null,
  status: null,
  meaning: null,
  autoReplyAt: null,
  complainedAt: null,
  unverified: 0,
};
const outlook = { recipients: 2, suppressed: 0, size: 10, domains: [], domainCount: 1 };
export const mail = Buffer.from("To: eve@example.org\r\n\r\nBonjour\r\n");
const previewed = {
  kind: "previewed",
  address: "eve@example.org",
  mail: mail.toString("base64"),
  size: mail.length,
  recipients: 2,
} as const;
export const draft = { subject: "Rentrée", markdown: "Bonjour" };

export const written = {
  from: { address: "anna@example.org" },
  subject: "Rentrée",
  markdown: "Bonjour",
  tracked: true,
  attachments: [
    { filename: "note.pdf", size: 2048, as: "file" },
    { filename: "paie.pdf", size: 10, as: "secret" },
  ],
} as const;

/** What is behind the pages answers each of them. */
function answer(visit: Visit): void {
  visit.answers = {
    list: { kind: "listed", circulars: [circular] },
    status: { kind: "circular", circular },
    pause: { kind: "circular", circular },
    resume: { kind: "circular", circular },
    cancel: { kind: "circular", circular, left: 1 },
    test: { kind: "circular", circular },
    report: { kind: "reported", recipients: [recipient], next: "1000000001" },
    preview: previewed,
    schedule: { kind: "scheduled", dueAt: 1, undoUntil: 1, ...outlook },
    release: { kind: "done" },
    suppress: { kind: "suppression", changed: 1, invalid: [] },
    unsuppress: { kind: "suppression", changed: 1, invalid: [] },
    lists: { kind: "lists", lists: [{ name: "list:tous", about: null }], isAll: true },
    "add-lists": { kind: "added-lists", sources: [], leftOut: [], added: 0, suppressed: 0, recipients: 2 },
    suppressed: { kind: "suppressed", addresses: [{ address: "a@example.org", at: 0 }], next: null },
    again: { kind: "created", id: "9", fields: [], secrets: 0, links: 0 },
    "add-from": { kind: "added", added: 1, suppressed: 0, faults: [], recipients: 1 },
    check: { kind: "checked", ...outlook },
    foresee: { kind: "foreseen", times: [1, 2], isMore: true, hours: { opensAt: 0, closesAt: 5 } },
    withdraw: { kind: "circular", circular },
    remove: { kind: "removed", removed: 1, recipients: 1 },
    sources: { kind: "sources", sources: [{ source: "list:tous", recipients: 2 }] },
  };
  visit.written = { kind: "written", version: "draft/0/abc", circular: written };
}

/** A call of each operation of the API, by its name, that is answered as wanted. */
export function apiCalls(visit: Visit): Readonly<Record<string, () => Promise<Response>>> {
  answer(visit);
  return {
    listCirculars: () => visit.api("/circulars"),
    createCircular: () => visit.send("/circulars", draft),
    statusCircular: () => visit.api("/circulars/7"),
    pauseCircular: () => visit.api("/circulars/7/pause", { method: "POST" }),
    resumeCircular: () => visit.api("/circulars/7/resume", { method: "POST" }),
    cancelCircular: () => visit.api("/circulars/7/cancel", { method: "POST" }),
    addRecipients: () => visit.send("/circulars/7/recipients", { recipients: [{ address: "a@example.org" }] }),
    reportCircular: () => visit.api("/circulars/7/recipients"),
    releaseRecipient: () => visit.api("/circulars/7/recipients/1000000001/release", { method: "POST" }),
    previewCircular: () => visit.api("/circulars/7/preview"),
    testCircular: () => visit.send("/circulars/7/test", { to: "anna@example.org" }),
    foreseeCircular: () => visit.send("/circulars/7/foresee", { now: true }),
    readCircular: () => visit.api("/circulars/7/draft"),
    reviseCircular: () => visit.send("/circulars/7/draft", { ...draft, version: "v", keep: ["1"] }, { method: "PUT" }),
    withdrawCircular: () => visit.api("/circulars/7/withdraw", { method: "POST" }),
    listSources: () => visit.api("/circulars/7/sources"),
    removeRecipients: () => visit.api("/circulars/7/recipients", { method: "DELETE" }),
    removeRecipient: () => visit.api("/circulars/7/recipients/1000000001", { method: "DELETE" }),
    scheduleCircular: () => visit.send("/circulars/7/schedule", { now: true }),
    suppressAddresses: () => visit.send("/suppressions", { addresses: ["a@example.org"] }, { as: eve }),
    unsuppressAddresses: () => visit.send("/suppressions/remove", { addresses: ["a@example.org"] }, { as: eve }),
    listSuppressions: () => visit.api("/suppressions?limit=10", { as: eve }),
    remindCircular: () => {
      visit.receipts = { kind: "listed", receipts: [known], next: null };
      return visit.api("/circulars/7/remind", { method: "POST", headers: { "idempotency-key": "r1" } });
    },
    listLists: () => visit.api("/lists?kind=list"),
    addLists: () => visit.send("/circulars/7/lists", { lists: ["list:tous"] }),
    checkCircular: () => visit.api("/circulars/7/outlook"),
    listReceiptRequests: () => {
      visit.receipts = { kind: "requests", requests: [], next: null };
      return visit.api("/receipt-requests?state=asking&limit=5");
    },
    answerReceiptRequest: () => {
      visit.receipts = { kind: "answered", state: "settling" };
      return visit.send("/receipt-requests/12/answer", { answer: "send" });
    },
    getReceiptPolicy: () => {
      visit.receipts = { kind: "policy", chosen: null, effective: "ask" };
      return visit.api("/receipt-policy");
    },
    chooseReceiptPolicy: () => {
      visit.receipts = { kind: "policy", chosen: "never", effective: "never" };
      return visit.send("/receipt-policy", { policy: "never" });
    },
    countReceipts: () => {
      visit.receipts = { kind: "counts", recipients: 1, counts: { displayed: 1 }, autoReplies: 0, complaints: 0 };
      return visit.api("/receipts/counts?circular=7");
    },
    listReceipts: () => {
      visit.receipts = { kind: "listed", receipts: [], next: null };
      return visit.api("/receipts?state=failed&state=delayed");
    },
    listReports: () => {
      visit.receipts = { kind: "reports", reports: [] };
      return visit.api("/receipts/1000000001/reports");
    },
  };
}
