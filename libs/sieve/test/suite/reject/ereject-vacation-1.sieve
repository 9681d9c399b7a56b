require ["ereject", "vacation"];
ereject "no";
vacation "x";
