require ["vacation", "reject", "enotify", "fcc"];
vacation :days 0 :from "nobody" :addresses ["me@example.org", "me"] "Away";
vacation :create :fcc "" "Away";
notify :importance "high" "xmpp:me@example.org";
notify "mailto:me";
reject;
