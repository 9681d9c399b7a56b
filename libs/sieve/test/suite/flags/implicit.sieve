require ["imap4flags", "fileinto"];
addflag "$Kept";
