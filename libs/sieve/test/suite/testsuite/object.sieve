require "vnd.dovecot.testsuite";
test_set "frob" "x";
