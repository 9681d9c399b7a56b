require ["fileinto", "envelope"];
if allof (header :contains "subject" "x", not address :all :is ["from", "to"] "a@example.org", size :over 10K,
    envelope :domain :matches "from" "*", anyof (true, exists ["a", "b"])) { fileinto "A"; } elsif false { redirect "a@example.org"; } else { keep; stop; }
