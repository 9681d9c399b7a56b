require ["environment", "fileinto"];
# RFC 5183 §4.1: known items match, unknown ones never do.
if environment :matches "remote-host" "*.example.org" { fileinto "Inside"; }
elsif environment :is "location" "MS" { fileinto "Store"; }
if environment :matches "vnd.example.unknown" "*" { discard; }
