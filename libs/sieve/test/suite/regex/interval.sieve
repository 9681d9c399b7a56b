require "regex";
if header :regex "subject" "x{3,1}" { keep; }
