require "mime";
if header :type "content-type" "b" { keep; }
