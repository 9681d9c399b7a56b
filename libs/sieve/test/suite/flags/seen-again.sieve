require "imap4flags";
if allof (hasflag "b", not hasflag "a", true) { discard; }
