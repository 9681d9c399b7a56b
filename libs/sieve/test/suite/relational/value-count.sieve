require "relational";
if header :value "eq" :count "eq" "subject" "1" { keep; }
