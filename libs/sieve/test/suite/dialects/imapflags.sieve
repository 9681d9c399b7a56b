require ["imapflags", "fileinto"];
setflag "\\Seen";
keep;
