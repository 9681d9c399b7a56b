require "vnd.dovecot.testsuite";
test { }
