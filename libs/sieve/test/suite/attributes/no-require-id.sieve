require "fileinto";
fileinto :mailboxid "x" "a";
