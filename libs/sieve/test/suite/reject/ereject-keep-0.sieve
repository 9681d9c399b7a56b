require ["ereject"];
keep;
ereject "no";
