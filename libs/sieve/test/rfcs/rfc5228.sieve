require ["fileinto", "envelope", "encoded-character"];
/* Every construct of the base language,
   with each kind of comment. */
if anyof (header :contains ["Subject", "Comments"] ["MAKE MONEY FAST", "win a prize"],
          header :matches "Subject" "*\\*\\*\\*SPAM\\*\\*\\**") # a pattern with stars that stand for themselves
{
  discard;
  stop;
}
elsif size :over 100K {
  if not exists ["From", "Date"] { fileinto "Large.Odd"; } else { fileinto "Large"; }
}
elsif allof (address :domain :is ["from", "sender"] "example.org", not envelope :all :is "from" "") {
  fileinto "Colleagues";
}
elsif address :comparator "i;octet" :localpart :is "to" "Support" {
  redirect "help@example.net";
}
elsif header :is "subject" "$${unicode:40}" {
  keep;
}
else {
  fileinto "INBOX"; keep;
}
