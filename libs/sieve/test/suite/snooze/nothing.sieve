require "snooze";
snooze;
