require ["date", "index", "relational", "fileinto"];
# RFC 5260 §4, §5, §6
if date :value "lt" :originalzone "date" "hour" "09" { fileinto "Early"; }
if date :index 1 :last :zone "+0000" "received" "date" "2024-02-29" { fileinto "Leap"; }
if currentdate :is "weekday" ["0", "6"] { fileinto "Weekend"; }
if header :index 2 :contains "received" "second" { fileinto "Second"; }
