require ["include", "variables"];
set "mine" "ours";
include "own";
if string "${mine}" "ours" { discard; }
