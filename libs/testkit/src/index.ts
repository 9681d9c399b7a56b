export { type Certificate, selfSignedCertificate } from "./certificate.ts";
export { type DebianTools, debianTools } from "./debian-tools.ts";
export { capabilityWithout, type DovecotOptions } from "./dovecot-config.ts";
export { type DovecotSieve, openDovecotSieve, type SieveDecision, type SieveRun } from "./dovecot-sieve.ts";
export { freePorts } from "./free-ports.ts";
export { guardProcess, type TempDir, tempDir } from "./guard.ts";
export { type ImapAnswer, type ImapConnection, type ImapLine, openImap } from "./imap-connection.ts";
export type { Delivery } from "./lmtp-client.ts";
export type { AppendOptions, ListedMail } from "./mailbox-access.ts";
export { ManageSieveClient } from "./managesieve-client.ts";
export { processorMs } from "./processor-time.ts";
export { type RfcsCited, rfcsCited } from "./rfcs-cited.ts";
export type { ServerLife } from "./server-life.ts";
export { type ProxyMode, type SilentProxy, silentProxy } from "./silent-proxy.ts";
export { type ClientReply, SmtpClient, type SmtpClientOptions } from "./smtp-client.ts";
export { type DovecotServer, startDovecot } from "./start-dovecot.ts";
export { type NatsOptions, type NatsServer, startNats } from "./start-nats.ts";
export { type PostgresOptions, type PostgresServer, startPostgres } from "./start-postgres.ts";
export { type S3Answer, type S3Options, type S3Server, startS3 } from "./start-s3.ts";
export { type SlapdOptions, type SlapdServer, startSlapd } from "./start-slapd.ts";
export {
  type DataAnswer,
  type SinkAnswers,
  type SinkOptions,
  type SmtpSink,
  type SunkMail,
  startSmtpSink,
} from "./start-smtp-sink.ts";
export { type StorePlace, storePlaces } from "./store-places.ts";
export { textFaults } from "./text-faults.ts";
export { TokenIssuer } from "./token-issuer.ts";
export { type WaitOptions, waitFor } from "./wait-for.ts";
