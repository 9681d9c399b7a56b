require "ereject";
ereject "x" "y";
