require "snooze";
snooze "09:00:00";
