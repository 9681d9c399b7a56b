require "snooze";
snooze :weekdays "7" "09:00:00";
