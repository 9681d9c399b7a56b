require ["regex", "fileinto"];
if header :regex "subject" "(re|fwd): \\1" { keep; }
if header :regex "subject" ["^\\[ticket [[:number:]]+\\]", "a{2,1}"] { keep; }
if header :regex "subject" "*spam" { keep; }
if header :regex "subject" "\\d{4}" { fileinto "Years"; }
