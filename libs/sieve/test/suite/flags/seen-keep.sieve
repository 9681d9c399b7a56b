require "imap4flags";
if allof (hasflag "x", hasflag "y", true) { discard; }
