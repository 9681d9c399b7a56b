# Emily Watson, English assistant. Her rules are in English.
require ["fileinto", "mailbox", "imap4flags", "body", "variables", "relational", "envelope", "vacation"];

# rule:[Meeting invitations]
if body :content "text/calendar" :contains "METHOD:REQUEST" {
  addflag "$Meeting";
  fileinto :create "Meetings";
  stop;
}

# rule:[eTwinning partners]
if anyof (
  address :domain :is "from" ["twinning.example", "nagano-jhs.example"],
  header :matches "subject" "*eTwinning*")
{
  fileinto :create "Projects/eTwinning";
  stop;
}

# rule:[British Council]
if envelope :domain :is "from" "bounces.culture-council.example" {
  fileinto :create "Newsletters";
  stop;
}

# rule:[Digest of the assistants' list]
if header :contains "content-type" "multipart/digest" {
  setflag "$Digest";
  fileinto :create "Lists/Assistants";
  stop;
}

# rule:[Away: colleagues are told, each once a week]
if address :domain :is "from" "academie.example" {
  vacation :days 7 :subject "Away until Monday"
    "I am with the exchange group this week and read your mail on Monday. Emily Watson";
}
