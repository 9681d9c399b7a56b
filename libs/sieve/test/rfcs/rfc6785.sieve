require ["imapsieve", "environment", "imap4flags", "copy", "enotify", "variables", "editheader", "fileinto"];
# RFC 6785 §4.3: what has no cause came by delivery.
if not environment :matches "imap.cause" "*" { stop; }
if environment :matches "imap.mailbox" "*" { set "mailbox" "${1}"; }
# RFC 6785 §2.2.1, §2.2.2, §3.4
if allof (environment :is "imap.cause" ["APPEND", "COPY"], string "${mailbox}" "ActionItems") {
  redirect :copy "actionitems@example.com";
}
# RFC 6785 §4.5
if allof (hasflag "\\Flagged", environment :contains "imap.changedflags" "\\Flagged") {
  notify :message "Important message in ${mailbox}" "mailto:tim@example.com";
}
# RFC 6785 §3.1, §3.7: the copy is changed, what is kept is not.
if environment "imap.mailbox" "Changed" { addheader "X-Copy" "yes"; fileinto :copy "Copies"; }
if environment "imap.mailbox" "Gone" { discard; }
if environment "imap.email" "me@example.net" { addflag "$mine"; }
