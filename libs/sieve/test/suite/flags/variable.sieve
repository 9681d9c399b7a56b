require ["imap4flags", "fileinto", "variables"];
setflag "f" ["a", "b"];
fileinto :flags "${f}" "F.variable";
