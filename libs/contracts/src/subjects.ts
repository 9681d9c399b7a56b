/** The tokens of every subject. `p` is always a partition (0 … 127), never an account: server memory grows with the number of subjects. */
export const subjects = {
  mailReceived: (p: number) => `mail.received.${p}`,
  /** Request/reply, answered by one instance of `filter` when its decisions on the batch are durable. */
  mailDecide: "mail.decide",
  mailboxApply: (p: number) => `mailbox.apply.${p}`,
  event: (p: number, name: string) => `event.${p}.${name}`,
  parked: (stream: string, durable: string) => `parked.${stream}.${durable}`,
  /** Request/reply, answered by the holder of the partition. */
  mailboxFetch: (p: number) => `mailbox.fetch.${p}`,
  mailboxAsk: (p: number) => `mailbox.ask.${p}`,
  /** Asked of every instance at once; each answers. */
  mailboxStatus: "mailbox.status",
  /** Request/reply, answered by the service `scripts`, where it runs. */
  scriptsAsk: "scripts.ask",
  /** Request/reply, answered by one instance of `outbox` after commit. */
  outboxSubmit: "outbox.submit",
  outboxAsk: "outbox.ask",
  outboxDrafts: "outbox.drafts",
  /** Request/reply, answered by one instance of `receipts`: a report is answered after commit. */
  receiptsReport: "receipts.report",
  receiptsAsk: "receipts.ask",
  outboxCirculars: "outbox.circulars",
  /** Request/reply, answered by one instance of `programs`. */
  programsRun: "programs.run",
} as const;

/** What `mail.decide` is answered with, as {@link headerNames}`.status`; `later`: this batch is for the stream; `busy`: all are, for a moment. */
export const decideAnswers = { decided: "decided", later: "later", busy: "busy" } as const;

/** Names of the NATS headers that Tamis sets. */
export const headerNames = {
  account: "Tamis-Account",
  partition: "Tamis-Partition",
  status: "Tamis-Status",
  total: "Tamis-Total",
  /** In a request: who asks takes parts of the answer ahead of it. In the answer: so many were sent. */
  parts: "Tamis-Parts",
  /** In a request: as often, in ms, who answers says that the answer is being made. */
  alive: "Tamis-Alive",
  encoding: "Tamis-Encoding",
  /** Octets of the payload before it was compressed. */
  length: "Tamis-Length",
  traceparent: "traceparent",
  parkedReason: "Tamis-Parked-Reason",
  parkedSubject: "Tamis-Parked-Subject",
  parkedDeliveries: "Tamis-Parked-Deliveries",
} as const;
