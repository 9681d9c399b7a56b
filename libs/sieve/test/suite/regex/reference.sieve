require "regex";
if header :regex "subject" "(x)\\1" { keep; }
