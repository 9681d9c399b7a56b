require ["include", "variables", "notify", "imapflags"];
include "../other";
set "a" "1";
global "a";
include "later";
mark;
notify :low;
