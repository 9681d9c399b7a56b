require ["ereject", "fileinto"];
fileinto "A";
ereject "no";
