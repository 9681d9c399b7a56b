redirect "x@example.org;
