require ["mime", "foreverypart", "extracttext", "replace", "enclose", "variables", "fileinto"];
# RFC 5703 §3, §4, §4.1, §4.2, §5, §6, §7: a mail whose programs are taken out before it is filed
if header :mime :anychild :contenttype "Content-Type" "text/calendar" { fileinto "Invitations"; stop; }
set "note" "";
foreverypart :name "parts" {
  if header :mime :param ["name", "filename"] :matches ["Content-Type", "Content-Disposition"] ["*.exe", "*.js"] {
    replace "A program was here: ${1}";
  } elsif allof (header :mime :type "Content-Type" "text", string "${note}" "") {
    extracttext :first 8 :lower "note";
  } elsif address :mime :domain "from" "virus.example" {
    enclose :subject "Take care" "The mail below holds another one.";
    fileinto "Quarantine";
    break :name "parts";
  }
}
fileinto "Notes/${note}";
