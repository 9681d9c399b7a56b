require "snooze";
snooze :addflags "a" "09:00:00";
