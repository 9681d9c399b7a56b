require ["fileinto", "copy"];
# RFC 3894 §3: a copy does not cancel the implicit keep, the plain action does.
if header :contains "subject" "one" { fileinto :copy "Copies"; }
if header :contains "subject" "two" { redirect :copy "archive@example.org"; }
if header :contains "subject" "three" { fileinto "Plain"; }
if header :contains "subject" "none" { discard; }
