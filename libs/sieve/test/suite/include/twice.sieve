require ["include", "variables"];
global "sum";
include "adds";
include "adds";
if string "${sum}" "xx" { discard; }
