require ["fileinto", "mailbox"];
# RFC 5490 §3.1, §3.2
if mailboxexists ["Partners", "Partners/Old"] { fileinto "Partners"; }
else { fileinto :create "New"; }
