redirect :list ":addrbook:x";
