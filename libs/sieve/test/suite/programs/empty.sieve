require "vnd.dovecot.filter";
filter "";
