require ["convert", "fileinto", "body"];
# RFC 6558 §2, §2.2
if convert "text/html" "text/plain" ["charset=utf-8"] {
  if body :raw :contains "<b>" { fileinto "Marks"; } else { fileinto "Plain"; }
}
