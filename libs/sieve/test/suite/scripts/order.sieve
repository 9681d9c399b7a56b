require "fileinto";
if header :contains "subject" "frop" { fileinto "A"; }
if header :contains "subject" "!" { fileinto "B"; }
if header :contains "subject" "x" { fileinto "C"; }
