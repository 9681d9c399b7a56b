require ["imap4flags", "fileinto"];
setflag "\\Seen";
fileinto "F.internal";
