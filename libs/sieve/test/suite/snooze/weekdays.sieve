require "snooze";
snooze :weekdays ["1", "5"] :tzid "Europe/Paris" "09:00:00";
