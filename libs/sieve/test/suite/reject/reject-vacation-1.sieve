require ["reject", "vacation"];
reject "no";
vacation "x";
