require ["imap4flags", "fileinto", "variables"];
# RFC 5232 §3, §4, §5
if header :contains "subject" "important" { addflag ["\\Flagged", "$Label1"]; }
if header :contains "subject" "read" { addflag "\\Seen"; }
if hasflag ["\\flagged", "none"] { setflag "mine" ["a", "b"]; removeflag "mine" "A"; fileinto :flags "${mine}" "Flagged"; }
if header :contains "subject" "clear" { setflag ""; keep; }
