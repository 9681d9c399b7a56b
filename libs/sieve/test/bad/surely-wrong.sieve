require ["fileinto", "date", "relational", "comparator-i;ascii-numeric"];
# 1: cannot be true together
if allof (header :contains "subject" "a", not header :contains "subject" "a") { discard; }
if allof (size :over 100K, size :under 50K) { discard; }
if allof (not exists "list-id", header :contains "list-id" "dev") { discard; }
# 2: is always true
if anyof (exists "x", not exists "x") { fileinto "A"; }
# 3: was tested before
if header :is "subject" "a" { fileinto "A"; }
elsif header :is "subject" "b" { fileinto "B"; }
elsif header :is "subject" "a" { fileinto "C"; }
# 4: comes after what is always taken
if true { fileinto "A"; } else { fileinto "B"; }
# 5: keys that nothing equals
if date "date" "hour" "7" { fileinto "A"; }
if currentdate "weekday" "mon" { fileinto "A"; }
if header :value "gt" :comparator "i;ascii-numeric" "x-spam-score" "high" { fileinto "A"; }
if header :count "gt" "received" "9" { fileinto "A"; }
# right: the same tests where they make sense
if anyof (size :over 100K, size :under 50K) { fileinto "A"; }
if allof (size :over 50K, size :under 100K) { fileinto "A"; }
if allof (not exists "list-id", header :contains "subject" "dev") { fileinto "A"; }
if false { fileinto "A"; }
