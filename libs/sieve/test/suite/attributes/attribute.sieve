require ["fileinto", "special-use"];
fileinto :specialuse "Junk" "a";
