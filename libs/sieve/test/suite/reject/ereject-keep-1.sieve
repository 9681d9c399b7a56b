require ["ereject"];
ereject "no";
keep;
