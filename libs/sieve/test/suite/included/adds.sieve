require ["include", "variables"];
global "sum";
set "sum" "${sum}x";
