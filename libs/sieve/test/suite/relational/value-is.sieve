require "relational";
if header :value "eq" :is "subject" "1" { keep; }
