require "mboxmetadata";
if metadata "a" "private" "c" { keep; }
