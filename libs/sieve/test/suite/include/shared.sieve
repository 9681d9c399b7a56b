require ["include", "variables"];
global "sum";
set "sum" "a";
include "adds";
if string "${sum}" "ax" { discard; }
