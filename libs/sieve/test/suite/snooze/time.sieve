require "snooze";
snooze "at nine";
