require ["include", "variables"];
global "sum";
include :once "adds";
include :once "adds";
if string "${sum}" "x" { discard; }
