require ["include","variables","fileinto"];
global "x"; global "y"; set "x" "main"; include "globals"; fileinto "${y}"; fileinto "${global.x}"; 
if string "${z}" "local" { fileinto "Leak"; }
include "nests-two"; include :global "from-global"; include "once-shared"; include "once-shared"; include :once "once-shared"; fileinto "End";
