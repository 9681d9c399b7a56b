require "imap4flags";
if allof (hasflag "\\Flagged", not hasflag "\\Seen", true) { discard; }
