require "extlists";
if address :list "from" ":addrbook:strangers" { keep; }
