require ["imap4flags", "fileinto"];
fileinto :flags "a" "F.again";
fileinto :flags "b" "F.again";
