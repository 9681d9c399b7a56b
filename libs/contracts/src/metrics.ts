/** Names of the metrics, in one place, so that dashboards and code cannot drift apart. Units are in the OpenTelemetry instrument. */
export const metrics = {
  mailsReceived: "tamis.mail.received",
  mailsDecided: "tamis.mail.decided",
  mailsApplied: "tamis.mail.applied",
  /** INTERNALDATE is in whole seconds: the latency counts from the server's EXISTS. */
  mailLatency: "tamis.mail.latency",
  stageDuration: "tamis.stage.duration",
  accountsByState: "tamis.accounts",
  imapReconnects: "tamis.imap.reconnects",
  catchUpGaps: "tamis.imap.gaps",
  uidValidityResets: "tamis.imap.resets",
  partitionsHeld: "tamis.partitions.held",
  signIns: "tamis.signins",
  scriptCommands: "tamis.scripts.commands",
  scriptSessions: "tamis.scripts.sessions",
  scriptErrors: "tamis.script.errors",
  busRetried: "tamis.bus.retried",
  busParked: "tamis.bus.parked",
  processDuration: "messaging.process.duration",
  publishDuration: "messaging.client.operation.duration",
} as const;
