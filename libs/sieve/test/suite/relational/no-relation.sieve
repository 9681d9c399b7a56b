require "relational";
if header :value :comparator "i;octet" "subject" "1" { keep; }
