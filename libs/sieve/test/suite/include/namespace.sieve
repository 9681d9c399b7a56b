require ["include", "variables"];
set "global.sum" "a";
include "adds";
if string "${global.sum}" "ax" { discard; }
