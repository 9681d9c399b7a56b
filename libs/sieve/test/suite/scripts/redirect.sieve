if address :domain "from" "example.com" { redirect "me@example.org"; stop; }
keep;
