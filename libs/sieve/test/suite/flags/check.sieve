require ["imap4flags", "fileinto"];
if hasflag "$New" { discard; }
