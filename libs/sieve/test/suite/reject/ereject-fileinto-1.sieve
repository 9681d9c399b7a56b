require ["ereject", "fileinto"];
ereject "no";
fileinto "A";
