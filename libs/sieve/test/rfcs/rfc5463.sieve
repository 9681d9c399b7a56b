require "ihave";
# RFC 5463 §4, §5
if not ihave "fileinto" { error "this script files mail"; }
if ihave "vnd.example.filing" { example_file :quickly "A"; }
elsif ihave ["mailbox", "copy"] { fileinto :create :copy "B"; }
if header :is "subject" "fail" { if not ihave "x-none" { error "as asked"; } }
