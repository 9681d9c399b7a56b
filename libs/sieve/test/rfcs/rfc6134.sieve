require ["extlists", "variables", "fileinto", "copy"];
# RFC 6134 §2.2, §2.3, §2.5, §2.7
if not valid_ext_list ":addrbook:default" { stop; }
if address :list ["from", "sender"] ":addrbook:default" { fileinto "Known/${0}"; redirect :copy :list "tag:example.org,2024:team"; }
