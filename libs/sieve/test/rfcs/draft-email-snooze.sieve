require ["snooze", "imap4flags", "special-use", "mailboxid", "mailbox", "fileinto", "variables"];
# draft-ietf-extra-email-snooze: days, times and zone; where it comes back, and with which flags
if header :contains "subject" "week" {
  snooze :weekdays ["1", "2", "3", "4", "5"] :tzid "Europe/Paris" ["08:00", "13:30:30"];
} elsif header :contains "subject" "news" {
  snooze :mailbox "News" :create :specialuse "\\Archive" :addflags "$Awake" :removeflags ["\\Seen"] "18:00";
} elsif header :contains "subject" "id" {
  snooze :mailboxid "F6352ae03" :mailbox "Old name" "18:00";
} elsif header :contains "subject" "copy" {
  fileinto "Copy";
  snooze "18:00";
} elsif header :matches "subject" "at *" {
  snooze "${1}";
}
