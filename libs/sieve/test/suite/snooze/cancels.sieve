require ["snooze"];
snooze ["09:00:00", "17:00:00"];
