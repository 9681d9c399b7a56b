require "imap4flags";
if allof (hasflag "\\Seen", true) { discard; }
