require "imap4flags";
if allof (hasflag "a", not hasflag "b", true) { discard; }
