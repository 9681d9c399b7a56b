require "extlists";
if address :list :comparator "i;octet" "from" ":addrbook:x" { keep; }
