if header :comparator "i;frob" "subject" "1" { keep; }
