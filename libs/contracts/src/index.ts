export {
  FETCH_CHUNK_BYTES,
  type FetchRequest,
  fetchRequest,
  type MailboxAnswer,
  type MailboxAsk,
  type MailboxStatus,
  mailboxAnswer,
  mailboxAsk,
  mailboxStatus,
} from "./asks.ts";
export {
  type CircularDraftHead,
  type CircularReceipts,
  circularReceipts,
  type DraftedCircular,
  decodeCircularDraft,
  encodeCircularDraft,
} from "./circular-draft.ts";
export {
  type CircularOutlook,
  type LeftOut,
  type ListedSource,
  type ListNote,
  MOST_DOMAINS,
  MOST_LEFT_OUT,
  SUPPRESSED_PER_PAGE,
} from "./circular-lists.ts";
export {
  type Circular,
  type CircularAnswer,
  type CircularAsk,
  type CircularChanged,
  type CircularRecipient,
  type CircularState,
  circularAnswer,
  circularAsk,
  circularChanged,
  circularState,
  PREVIEW_BYTES,
  RECIPIENTS_PER_PAGE,
  type RecipientFault,
  type ReportedRecipient,
  type Sealing,
  type SealingCounts,
} from "./circulars.ts";
export { conforms, parseAs } from "./conforms.ts";
export {
  type ApplyCommand,
  applyCommand,
  type Decision,
  KEEP,
  type Plan,
  type ProgramOutputEdit,
  programOutputEdit,
  type Reads,
  type Target,
} from "./decision.ts";
export {
  DRAFTS_PER_ASK,
  type DraftKeyword,
  type DraftNotice,
  type DraftsAnswer,
  type DraftsAsk,
  draftsAnswer,
  draftsAsk,
  UNTIL_REPLY,
} from "./drafts.ts";
export {
  type AccountState,
  type AccountStateChanged,
  type AppliedMail,
  accountStateChanged,
  type CopyFiled,
  copyFiled,
  type Fact,
  type Layer,
  type MailApplied,
  type MailboxReset,
  type MailDecided,
  mailApplied,
  mailboxReset,
  mailDecided,
  type SendingSettled,
  sendingSettled,
} from "./facts.ts";
export { encodeFrame, splitFrame } from "./frame.ts";
export {
  BATCH_MAX_BYTES,
  BATCH_MAX_MAILS,
  type BatchedMail,
  type BatchHead,
  decodeMailBatch,
  encodeMailBatch,
  type ImapEvent,
  type MailBatch,
  type MailMeta,
} from "./mail-batch.ts";
export { folderIdOf, formatMailId, type MailKey, parseMailId } from "./mail-id.ts";
export { metrics } from "./metrics.ts";
export { PARTITIONS, partitionOf } from "./partition.ts";
export {
  decodeProgramCall,
  decodeProgramOutcome,
  encodeProgramCall,
  encodeProgramOutcome,
  type ProgramHead,
  type ProgramOutcome,
  type WithOctets,
} from "./programs.ts";
export {
  REPORTED_RECIPIENTS,
  REPORTED_TOKENS,
  type Receipt,
  type ReceiptState,
  type ReceiptsAnswer,
  type ReceiptsAsk,
  type RecipientsTracked,
  type ReportAnswer,
  type ReportLine,
  type ReportSeen,
  receiptState,
  receiptsAnswer,
  receiptsAsk,
  recipientsTracked,
  reportAnswer,
  reportSeen,
  TRACKED_PER_FACT,
  type TrackedRecipient,
} from "./receipts.ts";
export {
  HEADER_MAX_BYTES,
  type MovedMail,
  RULES_RUN_MAX_MAILS,
  STORED_MAILS_PER_ASK,
} from "./rules-asks.ts";
export {
  decodeScriptMemory,
  encodeScriptMemory,
  isMarked,
  type ScriptMark,
  type ScriptMemory,
  withMarks,
  withoutMarksOf,
} from "./script-memory.ts";
export {
  type ActiveScript,
  activeScript,
  type DraftScript,
  draftScript,
  type ScriptsAnswer,
  type ScriptsAsk,
  type StoredScript,
  scriptsAnswer,
  scriptsAsk,
  storedScript,
  storedScriptKey,
} from "./scripts.ts";
export { type ServerAbilities, serverAbilities, serverKey } from "./server-abilities.ts";
export { type SignInAttempted, type SignInReason, signInAttempted } from "./sign-in.ts";
export {
  APPLY,
  applyDurable,
  type BucketSpec,
  buckets,
  EVENTS,
  FILTER_DURABLE,
  MAIL,
  outgoingObjects,
  PARKED,
  RECEIPTS_DURABLE,
  rewrittenObjects,
  type StreamSpec,
  streams,
} from "./streams.ts";
export { headerNames, subjects } from "./subjects.ts";
export {
  decodeSubmission,
  encodeSubmission,
  type ListedSending,
  type OutboxAnswer,
  type OutboxAsk,
  outboxAnswer,
  outboxAsk,
  type Sending,
  type SendingState,
  type SentKind,
  SUBMISSION_INLINE_BYTES,
  type Submission,
  type SubmissionAnswer,
  type SubmissionHead,
  sendingState,
  submissionAnswer,
} from "./submission.ts";
export { isWakeKeyword, readWake, SNOOZED, type Wake, wakeKeyword, wakeKeywords, wakeMinute } from "./wake.ts";
