require ["comparator-i;unicode-casemap", "fileinto"];
# RFC 5051 §2
if header :comparator "i;unicode-casemap" :contains "subject" ["réunion", "ПРИВЕТ"] { fileinto "Found"; }
