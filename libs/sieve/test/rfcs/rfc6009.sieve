require ["envelope", "envelope-dsn", "envelope-deliverby", "redirect-dsn", "redirect-deliverby", "copy", "fileinto", "variables"];
# RFC 6009 §4, §5, §6, §7
if envelope :matches :zone "+0000" "bytimeabsolute" "*T*:*" { fileinto "Due ${1}, ${2} h"; }
if envelope "notify" "SUCCESS" { redirect :copy :notify "NEVER" "copy@example.org"; }
if envelope :matches "orcpt" "rfc822;*@example.com" { redirect :bytimerelative 600 :bymode "notify" "phone@example.org"; }
