require ["body", "fileinto", "variables"];
# RFC 5173 §5.1, §5.2, §5.3
if body :raw :contains "=E9t=E9" { fileinto "Raw"; }
if body :content "text/plain" :contains "été" { fileinto "Plain"; }
if body :content ["image", "application"] :matches "GIF8*" { fileinto "Picture"; }
if body :text :contains "large print" { fileinto "Readable"; }
# RFC 5173 §6: the wildcards of body leave the match variables alone.
if allof (header :matches "subject" "*: *", body :raw :matches "*") { set "kind" "${1}"; fileinto "Kind ${kind}"; }
