redirect "Alice <alice@example.org>";
