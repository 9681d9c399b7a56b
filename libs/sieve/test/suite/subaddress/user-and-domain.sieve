require "subaddress";
if address :user :domain "to" "x" { keep; }
