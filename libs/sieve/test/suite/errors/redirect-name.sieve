redirect "Alice <alice";
