require "vnd.dovecot.testsuite";
if true { test "a" { } }
