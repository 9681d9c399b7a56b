if spamtest "1" { keep; }
