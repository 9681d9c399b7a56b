require ["imap4flags", "fileinto"];
keep :flags ["x", "y"];
