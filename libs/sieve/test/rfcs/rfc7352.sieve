require ["duplicate", "variables"];
# RFC 7352 §3, §3.1, §3.2, §3.3
if duplicate { discard; stop; }
if header :matches "subject" "ALERT: *" {
  if duplicate :seconds 60 :handle "alert" :uniqueid "${1}" { discard; }
}
