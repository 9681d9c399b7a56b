# Sofia Rossi, Italian, Erasmus+ coordinator.
require ["fileinto", "mailbox", "copy", "imap4flags", "variables", "date", "relational", "environment", "body"];

# rule:[Erasmus deadlines]
# A copy for the shared folder, the mail itself stays in INBOX, flagged.
if allof (
  header :contains "subject" "Erasmus",
  body :text :matches "*deadline*")
{
  fileinto :copy :create "Erasmus/Deadlines";
  addflag ["\\Flagged", "$Label4"];
  keep;
  stop;
}

# rule:[Erasmus]
if header :contains "subject" ["Erasmus", "mobility", "mobilità"] {
  if mailboxexists "Erasmus/Archive 2020" {
    fileinto "Erasmus/Archive 2020";
  } else {
    fileinto :create "Erasmus/Mobility";
  }
  stop;
}

# rule:[Old dates]
# Mail that says it was written before 2015: a clock that is wrong, or an old mail sent again.
if date :value "lt" :zone "+0100" "date" "date" "2015-01-01" {
  fileinto :create "Odd dates";
  stop;
}

# rule:[Ticket numbers]
if allof (
  environment :matches "name" "*",
  header :matches "subject" "*[#*]*")
{
  set "ticket" "${2}";
  set :length "digits" "${ticket}";
  if string :is "${digits}" "5" {
    fileinto :create "Tickets/${ticket}";
  } else {
    fileinto :create "Tickets";
  }
}
