require ["subaddress", "envelope", "fileinto", "variables"];
# RFC 5233 §4
if envelope :detail :matches "to" "*" { set "box" "${1}"; }
if allof (address :user "to" "ken", not address :detail :contains "to" "") { fileinto "Plain"; }
if string :is "${box}" "sieve" { fileinto "Sieve"; }
