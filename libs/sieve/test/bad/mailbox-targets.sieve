require ["fileinto", "special-use", "mailboxid", "mboxmetadata", "snooze", "editheader"];
fileinto :specialuse "Junk" "Spam";
fileinto :specialuse "\\Junk" :mailboxid "F1" "Spam";
if metadata "INBOX" "comment" "x" { stop; }
snooze :weekdays "7" :tzid "Mars" ["8:00"];
addheader "X Tag" "1";
deleteheader :last "Received";
