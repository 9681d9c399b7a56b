require ["vnd.dovecot.pipe", "vnd.dovecot.execute", "vnd.dovecot.report", "extlists", "redirect-deliverby"];
pipe "/bin/sh" "-c";
execute :output "x" "lookup";
report "bad type" "m" "somebody";
if header :list :comparator "i;octet" "from" "friends" { keep; }
redirect :bymode "later" "a@example.org";
