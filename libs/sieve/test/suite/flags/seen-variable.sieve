require "imap4flags";
if allof (hasflag "a", hasflag "b", true) { discard; }
