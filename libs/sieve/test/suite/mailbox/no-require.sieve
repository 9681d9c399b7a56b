if mailboxexists "A" { keep; }
