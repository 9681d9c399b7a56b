snooze "09:00:00";
