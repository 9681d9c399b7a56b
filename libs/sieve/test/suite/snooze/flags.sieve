require ["snooze", "imap4flags"];
snooze :addflags ["$Later"] :removeflags ["\\Seen"] "09:00:00";
