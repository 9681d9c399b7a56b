require ["enotify", "fileinto", "variables"];
# RFC 5435 §3, §4, §6; RFC 5436 §2.1
if header :matches "subject" "*urgent*" {
  set :encodeurl "about" "${1}${2}";
  if valid_notify_method "mailto:phone@example.net?subject=${about}" {
    notify :importance "1" "mailto:phone@example.net?subject=${about}";
  }
  fileinto "Urgent";
}
