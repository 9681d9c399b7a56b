require "vnd.dovecot.testsuite";
test_message :smtp :folder "a" 0;
