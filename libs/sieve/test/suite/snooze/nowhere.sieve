require ["snooze"];
snooze :mailbox "Nowhere" "09:00";
