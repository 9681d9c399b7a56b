require ["ereject"];
ereject "no";
redirect "a@example.org";
