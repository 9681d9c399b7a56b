require ["variables", "fileinto", "envelope", "relational", "comparator-i;ascii-numeric"];
# RFC 5229 §3, §3.2, §4, §5
set "folder" "Lists";
if header :matches "List-Id" "*<*.example.org>*" {
  set :lower :upperfirst "name" "${2}";
  fileinto "${folder}/${Name}";
  stop;
}
if header :matches "Subject" "[*] *" {
  set "who" "${1}";
  if string :matches "${who}" "bug-*" { set "who" "bugs"; }
  fileinto "Tags/${who}";
  stop;
}
set :length "length" "${unknown}${3}";
if string :value "eq" :comparator "i;ascii-numeric" "${length}" "0" { set :quotewildcard "q" "a*"; fileinto "Quoted ${q}"; }
