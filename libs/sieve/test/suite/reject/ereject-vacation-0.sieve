require ["ereject", "vacation"];
vacation "x";
ereject "no";
