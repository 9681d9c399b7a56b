export { type Account, type AccountsChange, accountIdOf, compareAccounts, type Mode } from "./account.ts";
export { type AccountLanguages, watchLanguages } from "./account-languages.ts";
export { type Certificate, openCertificate } from "./certificate.ts";
export { certificateFinding } from "./certificate-finding.ts";
export { type CsvSeparator, csvLine } from "./csv-line.ts";
export { type CsvRow, csvRows } from "./csv-rows.ts";
export { type DraftsSettings, type DraftsWanted, draftsSection, draftsWanted } from "./drafts-section.ts";
export { ConfigFault, type Fault, formatFault } from "./fault.ts";
export { type Finding, findingOf, type Remark } from "./finding.ts";
export type { Health, Readiness } from "./health.ts";
export { foldersWatched, type ImapsieveSettings, imapsieveSection, type WatchedFolder } from "./imapsieve-section.ts";
export { loadAccounts } from "./load-accounts.ts";
export { loadSettings, sectionNames } from "./load-settings.ts";
export type { Logger, LogMethod } from "./log.ts";
export { nodeFlags } from "./node-flags.ts";
export { filePath, folderPath, newPath } from "./path-schema.ts";
export { runService } from "./run-service.ts";
export { Secret, secret } from "./secret.ts";
export { accountSections, doorSections } from "./sections.ts";
export type { DoctorContext, Running, ServiceContext, ServiceDefinition } from "./service.ts";
export type {
  AccountSettings,
  AccountsSettings,
  AccountsSource,
  DoorImapSettings,
  ImapSettings,
  LogSettings,
  NatsSettings,
  Sections,
  Settings,
  SharedSettings,
  SignIn,
  TelemetrySettings,
} from "./settings.ts";
export { type OnStop, startInOrder } from "./start-in-order.ts";
export { type StartedService, type StartOptions, startService } from "./start-service.ts";
export { fill, type Language, type Text, tellIn } from "./text.ts";
export { partOf, together } from "./together.ts";
export { fromTraceparent, isSampled, toTraceparent, traceparentOf } from "./trace-context.ts";
export { type AccountsWatch, type WatchOptions, watchAccounts } from "./watch-accounts.ts";
