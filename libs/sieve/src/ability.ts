/** What whole extensions may need of the world around a script; where it is missing, `require` is refused and told why. */
const extensionAbilities = [
  /** Mail leaves: replies, notifications, reports. */
  "send",
  /** The envelope's sender is known for certain: nobody else would be answered (RFC 5230 §4.6, RFC 5429 §2.1). */
  "envelope-sender",
  /** Which senders are who they say is known: mail of others is not sent back to those it names (RFC 5429 §2.1.2, RFC 8601). */
  "authentication",
  /** What was seen, and who was answered, is remembered from mail to mail. */
  "memory",
  /** A copy of what is sent can be stored (RFC 8580). */
  "file-copies",
  /** A mail can be exchanged for its changed copy, and nothing else is lost by it (RFC 4315 §2.1). */
  "rewrite",
  /** The server tells special uses of mailboxes (RFC 6154). */
  "special-use",
  /** The server tells the ids of mailboxes (RFC 8474). */
  "objectid",
  /** The server keeps annotations of mailboxes (RFC 5464). */
  "metadata",
  /** The server keeps annotations of its own (RFC 5464). */
  "server-metadata",
  /** A verdict on spam comes with the mail. */
  "verdict",
  /** A verdict on viruses comes with the mail. */
  "virus-verdict",
  /** External lists can be asked (RFC 6134). */
  "lists",
  /** The owner's other scripts are at hand (RFC 6609). */
  "other-scripts",
  /** Programs of the installation can be run. */
  "programs",
  /** A mail can be exchanged for what a program made of it. */
  "program-filters",
  /** A mail can come back at a later time. */
  "snooze",
  /** The owner has a calendar that can be changed. */
  "calendar",
  /** The script runs when a mail comes, not because of what somebody did to one that is there (RFC 6785 §3.11). */
  "delivery",
  /** Scripts run also when a mail is stored or changed over IMAP (RFC 6785). */
  "imap-events",
] as const;

/** What single words of the language may need; where it is missing they come to nothing, and are warned of. */
const wordAbilities = [
  /** Keywords of any name stay on mails (RFC 3501 §2.3.2). */
  "keywords",
  /** Who signed in to send the mail is known. */
  "envelope-auth",
  /** What the sender asked of delivery reports is known (RFC 6009 §4). */
  "envelope-dsn",
  /** By when the sender wanted delivery is known (RFC 6009 §5). */
  "envelope-deliverby",
] as const;

export type ExtensionAbility = (typeof extensionAbilities)[number];

/** Something outside of script and mail that parts of the language need to mean anything. */
export type Ability = ExtensionAbility | (typeof wordAbilities)[number];

/** All of them. */
export const abilities: readonly Ability[] = [...extensionAbilities, ...wordAbilities];
