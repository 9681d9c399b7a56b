require ["imap4flags", "fileinto"];
setflag "a";
fileinto "F.later";
addflag "b";
