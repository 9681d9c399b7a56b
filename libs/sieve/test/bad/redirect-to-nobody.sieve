redirect "Alice: alice@example.org;";
redirect "alice";
