require "imap4flags";
if allof (not hasflag "\\Seen", true) { discard; }
