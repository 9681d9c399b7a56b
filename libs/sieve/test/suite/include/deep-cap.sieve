require ["include","variables","fileinto"];
if string :matches "outer" "o*" { include "captures"; fileinto "${1}"; }
include "stops-all"; fileinto "Never";
