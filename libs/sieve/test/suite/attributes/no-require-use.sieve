require "fileinto";
fileinto :specialuse "\\Junk" "a";
