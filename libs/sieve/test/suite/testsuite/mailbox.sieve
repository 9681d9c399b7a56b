require "vnd.dovecot.testsuite";
test_message :folder "" 0;
