require ["vacation", "vacation-seconds", "fileinto", "envelope"];
# RFC 5230 §4.1, §4.2, §4.5, §4.6; RFC 6131 §2
if header :contains "subject" "lunch" { vacation :seconds 7200 :handle "lunch" "Back at two."; }
else { vacation :days 14 :addresses "robert@example.net" :subject "Away" "Back in June."; }
