require ["spamtestplus", "virustest", "relational", "comparator-i;ascii-numeric", "fileinto"];
# RFC 5235 §2.2, §2.3
if spamtest :count "eq" :comparator "i;ascii-numeric" "0" { fileinto "Unchecked"; }
elsif virustest :value "ge" :comparator "i;ascii-numeric" "4" { discard; }
elsif spamtest :percent :value "gt" :comparator "i;ascii-numeric" "90" { fileinto "Junk/Sure"; }
elsif spamtest :value "ge" :comparator "i;ascii-numeric" "5" { fileinto "Junk"; }
