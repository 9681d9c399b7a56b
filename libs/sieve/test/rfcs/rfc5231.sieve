require ["relational", "comparator-i;ascii-numeric", "fileinto"];
# RFC 5231 §4.1, §4.2, §6
if address :count "gt" :comparator "i;ascii-numeric" ["to", "cc"] "3" { fileinto "Many"; }
if header :count "ge" :comparator "i;ascii-numeric" "received" "2" { fileinto "Far"; }
if header :value "ge" :comparator "i;ascii-numeric" "x-spam-score" "5" { fileinto "Junk"; }
if address :value "lt" :localpart "from" "m" { fileinto "A to L"; } elsif address :value "ge" :localpart "from" "m" { fileinto "M to Z"; }
