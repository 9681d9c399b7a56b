require ["snooze", "imap4flags", "editheader"];
addflag ["$Sleeping", "\\Flagged"];
addheader "X-Put-Off" "yes";
snooze :mailbox "Later" :addflags "$Later" :removeflags "$Sleeping" :weekdays ["1", "2"] :tzid "Europe/Paris" ["07:30", "12:00:30"];
