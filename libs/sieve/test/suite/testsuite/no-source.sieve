require "vnd.dovecot.testsuite";
test_message 0;
