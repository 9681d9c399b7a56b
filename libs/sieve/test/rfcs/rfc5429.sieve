require ["reject", "ereject"];
# RFC 5429 §2.1, §2.2
if size :over 100K { ereject "Your mail is too big."; }
if header :contains "from" "coyote@desert.example.org" { reject "I am not taking mail from you."; }
