require ["fileinto", "special-use", "mailboxid", "mailbox"];
# RFC 8579 §3, §4; RFC 9042 §4, §6
if header :contains "x-spam" "yes" {
  if specialuse_exists "\\Junk" { fileinto :specialuse "\\Junk" "Junk"; } else { discard; }
} elsif mailboxidexists "F6352ae03" { fileinto :mailboxid "F6352ae03" "Old name"; }
else { fileinto :specialuse "\\Archive" :create "Archive"; }
