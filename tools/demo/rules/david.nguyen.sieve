# David Nguyen, music, and the school's digital officer.
require ["fileinto", "mailbox", "imap4flags", "ihave", "index", "relational", "comparator-i;ascii-numeric",
         "encoded-character", "date"];

# rule:[Only where the server can do it]
# RFC 5463: a script may ask for what this server does not have, and do without.
if ihave "vnd.example.colour" {
  vnd_example_colour "blue";
}

# rule:[Monitoring]
if header :is ["x-monitor-state", "x-alert-level"] ["CRITICAL", "DOWN"] {
  setflag ["\\Flagged", "$Label1"];
  fileinto :create "Servers/Critical";
  stop;
}
# rule:[Monitoring, the rest]
elsif exists "x-monitor-state" {
  fileinto :create "Servers";
  stop;
}

# rule:[Mail that went round in circles]
if header :count "ge" :comparator "i;ascii-numeric" "received" "8" {
  fileinto :create "Loops";
  stop;
}

# rule:[Delivered long after it was first accepted]
if date :index 1 :last :zone "+0000" :value "lt" "received" "year" "2020" {
  fileinto :create "Late";
  stop;
}

# rule:[Choir]
if header :contains "subject" ["choir", "chorale", "${unicode:266A}"] {
  fileinto :create "Choir";
}
