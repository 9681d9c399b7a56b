if address :list "from" ":addrbook:x" { keep; }
