if metadata "a" "/private/b" "c" { keep; }
