/** Circulars as mail: a draft compiled once, and one recipient's mail after the other rendered and signed. */

export { readAddress, type WrittenAddress } from "./addresses.ts";
export { type CompiledDraft, type CompileOptions, compileDraft } from "./compile-draft.ts";
export { type DkimFault, type DkimKey, type DkimSigner, dkimRecord, dkimSigner } from "./dkim.ts";
export type { Attachment, CircularDraft, Mailbox, MailIdentity, RecipientFields, Seal, SealedBody } from "./draft.ts";
export type { Fault, FaultCode, FaultPlace } from "./fault.ts";
export { MAX_ATTACHED, MAX_ATTACHMENTS, MAX_BODY, MAX_MARKDOWN } from "./limits.ts";
export {
  fieldsUsed,
  missingFields,
  needsSmtpUtf8,
  type RecipientFault,
  recipientFaults,
  renderMail,
  renderSealedMail,
  sharedOctets,
} from "./render-mail.ts";
export { renderFault, renderRecipientFault } from "./texts.ts";
export {
  claimedRecipient,
  isUnsubscribeToken,
  makeUnsubscribeToken,
  type Subscription,
  type UnsubscribeKeys,
} from "./unsubscribe-token.ts";
