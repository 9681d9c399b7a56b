require ["reject"];
reject "no";
redirect "a@example.org";
