require "relational";
if header :value "zz" "subject" "1" { keep; }
