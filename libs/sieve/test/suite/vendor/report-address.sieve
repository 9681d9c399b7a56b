require "vnd.dovecot.report";
report "abuse" "b" "c";
