require "imap4flags";
if allof (hasflag "$Kept", true) { discard; }
